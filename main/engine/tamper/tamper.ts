/** Whether anybody has laid hands on what the engine stands on: its data folder, its configuration, its own program. */

import { join } from 'node:path';
import type { AuditEntry } from '../../contract/record.ts';
import { verifyProgram } from './program.ts';
import { type FileWatchOptions, watchFiles } from './watch.ts';

export interface TamperWatch {
  /** A sentence for a person about each thing that was found. */
  notes(): readonly string[];
  /** Looks at once. */
  look(): void;
  close(): void;
}

export interface TamperOptions {
  readonly dataDir: string;
  readonly logFile: string;
  /** The configuration file, where there is one. */
  readonly configFile?: string | undefined;
  /** The folder that holds the program. */
  readonly program: string;
  readonly record: (entry: AuditEntry) => void;
  /** The log's file is not the one that is written to any more: what is recorded from here on would be lost. */
  readonly onLogLost: (why: string) => void;
  readonly onChange: () => void;
  readonly every?: FileWatchOptions['every'];
}

/** Written once, when they are made. */
const STEADY = ['ca.key', 'ca.pem', 'device.key', 'audit.pub', 'identity.json'];

export function watchTampering(options: TamperOptions): TamperWatch {
  const { dataDir, logFile, configFile, program, record, onLogLost, onChange, every } = options;
  const found = new Map<string, string>();
  let closed = false;

  const watch = watchFiles({
    files: [
      ...STEADY.map((name) => ({ path: join(dataDir, name), by: 'content' as const })),
      { path: logFile, by: 'place' },
      ...(configFile === undefined ? [] : [{ path: configFile, by: 'content' as const }]),
    ],
    onChange({ path, change }) {
      if (path === logFile) return onLogLost(`${path} was ${change} while the guard wrote to it.`);
      if (path === configFile)
        return tell(path, 'configuration-changed', `The configuration ${path} was ${change}; that counts from the next start.`);
      tell(path, 'file-changed', `${path} was ${change} by somebody else while the guard ran. Find out by whom, and restart Holdpoint.`);
    },
    ...(every && { every }),
  });
  void verifyProgram(program).then((state) => {
    if (state.state !== 'changed' || closed) return;
    const more = state.count > state.differences.length ? ` and ${state.count - state.differences.length} more` : '';
    tell(
      program,
      'program-changed',
      `Holdpoint’s own program is not as it was installed: ${state.differences.join(', ')}${more}. Install it anew.`,
    );
  });

  return {
    notes: () => [...found.values()],
    look: watch.look,
    close() {
      closed = true;
      watch.close();
    },
  };

  function tell(source: string, verdict: string, says: string): void {
    found.set(source, says);
    record({ kind: 'tamper', verdict, summary: says.slice(0, 300), data: { source, says } });
    onChange();
  }
}
