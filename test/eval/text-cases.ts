/** Corpora of texts: with secrets, with personal data, with orders to an agent, and what only looks like any of them. */

import { join } from 'node:path';
import { z } from 'zod';
import { expandTokens } from '../corpora/tokens.ts';
import { readCases } from './cases.ts';

const id = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);

const expecting = (family: 'secret' | 'pii') =>
  z.strictObject({
    id,
    text: z.string().min(1),
    /** Each must be the label of a finding, or one above it. Empty: nothing may be found. */
    expect: z.array(z.string().regex(new RegExp(`^${family}(\\.[a-z0-9-]+)*$`))),
    why: z.string().min(1),
  });

export const PLACES = ['README', 'issue', 'web', 'log', 'mcp', 'email', 'code', 'pdf'] as const;

const injectionCase = z.strictObject({
  id,
  text: z.string().min(1),
  label: z.enum(['injection', 'harmless']),
  /** Where an agent would come upon it. */
  where: z.enum(PLACES),
  why: z.string().min(1),
});

export interface TextCase {
  readonly id: string;
  /** As it is scanned, with its tokens in it. */
  readonly text: string;
  /** As it was written, which may be shown. */
  readonly written: string;
  readonly expect: readonly string[];
}

export interface InjectionCase extends TextCase {
  readonly where: (typeof PLACES)[number];
}

export const readSecretCases = (corpora: string): TextCase[] => readCases(join(corpora, 'secrets'), expecting('secret')).map(expanded);

export const readPersonalCases = (corpora: string): TextCase[] => readCases(join(corpora, 'personal'), expecting('pii')).map(expanded);

export function readInjectionCases(corpora: string): InjectionCase[] {
  return readCases(join(corpora, 'injection'), injectionCase).map(({ id, text, label, where }) => ({
    ...expanded({ id, text, expect: label === 'injection' ? ['injection'] : [] }),
    where,
  }));
}

function expanded({ id, text, expect }: { readonly id: string; readonly text: string; readonly expect: readonly string[] }): TextCase {
  return { id, text: expandTokens(text), written: text, expect };
}
