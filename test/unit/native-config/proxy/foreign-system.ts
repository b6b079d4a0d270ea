/** macOS or Windows by what their own tools said when they were asked: an empty folder for a root, and recorded outputs. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { FileEdit } from '../../../../native-config/agents/edit.ts';
import type { Step } from '../../../../native-config/steps/step.ts';
import type { System } from '../../../../native-config/system.ts';

export interface Foreign {
  readonly system: System;
  /** What tools say from now on, by their arguments; a tool that is not named ends with code 1. */
  readonly says: Record<string, string>;
}

export function foreignSystem(platform: 'darwin' | 'win32', says: Record<string, string> = {}): Foreign {
  const root = mkdtempSync(join(tmpdir(), 'holdpoint-root-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const env = platform === 'win32' ? { SystemRoot: 'C:\\Windows', ProgramData: 'C:\\ProgramData' } : {};
  const run: System['run'] = async (program, args) => {
    const name = program.split(/[\\/]/).at(-1) ?? '';
    const out = says[[name, ...args].join(' ')];
    return { code: out === undefined ? 1 : 0, out: out ?? '', err: '' };
  };
  return { system: { platform, root, home: '/', env, uid: 0, run }, says };
}

/** Steps as a person reads them, with every command and file: what would be done on that system, and what would take it back. */
export function golden(steps: readonly Step[]): string {
  return `${steps.map(told).join('\n')}\n`;
}

function told(step: Step): string {
  const line = (mark: string, words: readonly string[] | undefined) => (words ? [`  ${mark} ${words.map(quoted).join(' ')}`] : []);
  switch (step.kind) {
    case 'run':
      return [step.says, ...line('$', step.command), ...line('undo $', step.undo)].join('\n');
    case 'write':
      return [step.says, `  writes ${step.file} (${step.mode.toString(8)})`, ...indented(step.text.trimEnd().split('\n'))].join('\n');
    case 'edit': {
      return [step.says, `  adds to ${step.file}`, ...indented(linesOf(step.edit))].join('\n');
    }
  }
}

function quoted(word: string): string {
  return /^[\w./:\\=-]+$/.test(word) ? word : `'${word}'`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  | ${line}`);
}

function linesOf(edit: FileEdit): readonly string[] {
  switch (edit.kind) {
    case 'block':
      return edit.lines;
    case 'members':
      return [`${edit.at}: ${JSON.stringify(edit.members)}`];
    case 'items':
      return [`${edit.path.join('.')}: ${JSON.stringify(edit.items)}`];
  }
}
