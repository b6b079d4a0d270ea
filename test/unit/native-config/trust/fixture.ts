/** A machine that is a folder, whose tools answer what a test says. */

import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { authorityCertificate, pem } from '../../../../main/engine/certificates/x509.ts';
import { describeStep } from '../../../../native-config/steps/perform.ts';
import type { Step } from '../../../../native-config/steps/step.ts';
import type { System, ToolResult } from '../../../../native-config/system.ts';

export const NOW = new Date('2026-06-01T12:00:00Z');

export function newAuthority({ commonName = 'Holdpoint on laptop', days = 3650, curve = 'P-256', now = NOW } = {}): string {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: curve });
  return pem('CERTIFICATE', authorityCertificate({ commonName, publicKey, privateKey, days, now }));
}

export interface FolderMachine {
  readonly system: System;
  /** Calls so far, each as one line. */
  readonly ran: string[];
  /** Puts files there; '' makes a tool of it. */
  put(files: Readonly<Record<string, string>>): void;
  read(file: string): string;
  /** What tools answer, by the beginning of their call; the longest that fits. Others fail. */
  readonly answers: Record<string, Partial<ToolResult>>;
}

export function folderMachine(platform: NodeJS.Platform, uid: number | undefined = 0): FolderMachine {
  const root = mkdtempSync(join(tmpdir(), 'holdpoint-machine-'));
  const ran: string[] = [];
  const answers: Record<string, Partial<ToolResult>> = {};
  const run: System['run'] = async (program, args) => {
    const line = [program, ...args].join(' ').replaceAll(root, '');
    ran.push(line);
    const [best] = Object.keys(answers)
      .filter((start) => line.startsWith(start))
      .sort((a, b) => b.length - a.length);
    return { code: best === undefined ? 1 : 0, out: '', err: '', ...(best !== undefined && answers[best]) };
  };
  return {
    system: { platform, root, home: '/home/dev', env: {}, uid, run },
    ran,
    answers,
    read: (file) => readFileSync(root + file, 'utf8'),
    put(files) {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(root + file), { recursive: true });
        writeFileSync(root + file, text);
      }
    },
  };
}

/** How steps are told, with the machine's folder left out: what a person agrees to. */
export function told({ system }: FolderMachine, steps: readonly Step[]): readonly string[] {
  return steps.map((step) => describeStep(step).replaceAll(system.root, ''));
}
