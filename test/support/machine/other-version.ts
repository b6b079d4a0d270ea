/** The same package under another version, for upgrades: a deb is three files in an archive, of which only the second tells the version. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '../../../build/commands.ts';

const MAGIC = '!<arch>\n';
const HEADER_BYTES = 60;

/** Writes it to `to`. ar(5), deb(5). */
export async function otherVersion(deb: string, version: string, to: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'holdpoint-deb-'));
  try {
    const control = join(folder, 'control');
    await must('dpkg-deb', ['--control', deb, control]);
    const told = await readFile(join(control, 'control'), 'utf8');
    await writeFile(join(control, 'control'), told.replace(/^Version: .*$/m, `Version: ${version}`));
    const packed = join(folder, 'control.tar.gz');
    await must('tar', ['--owner=0', '--group=0', '-C', control, '-czf', packed, '.']);
    const given = await readFile(deb);
    const members = membersOf(given).map((member) =>
      member.name.startsWith('control.tar') ? { name: 'control.tar.gz', from: packed } : member,
    );
    const parts = await Promise.all(
      members.map(async (member) => {
        const content = 'from' in member ? await readFile(member.from) : given.subarray(member.start, member.end);
        return Buffer.concat([header(member.name, content.length), content, Buffer.from(content.length % 2 === 1 ? '\n' : '')]);
      }),
    );
    await writeFile(to, Buffer.concat([Buffer.from(MAGIC), ...parts]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Member {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

function membersOf(archive: Buffer): readonly Member[] {
  const found: Member[] = [];
  for (let at = MAGIC.length; at < archive.length; ) {
    const head = archive.toString('latin1', at, at + HEADER_BYTES);
    const start = at + HEADER_BYTES;
    const end = start + Number(head.slice(48, 58));
    found.push({ name: head.slice(0, 16).trim().replace(/\/$/, ''), start, end });
    at = end + (end % 2);
  }
  return found;
}

function header(name: string, bytes: number): Buffer {
  const fields = [name.padEnd(16), '0'.padEnd(12), '0'.padEnd(6), '0'.padEnd(6), '100644'.padEnd(8), String(bytes).padEnd(10), '`\n'];
  return Buffer.from(fields.join(''), 'latin1');
}
