/** A text in the quiet syntax of its language, and nothing else said of it. */

import { type ReactNode, useMemo } from 'react';
import { inksOf, type Language } from './highlight.ts';
import { Marked } from './marked.tsx';

export function Inked({ text, language }: { readonly text: string; readonly language: Language | undefined }): ReactNode {
  const inks = useMemo(() => inksOf(text, language), [text, language]);
  return <Marked text={text} marks={[]} inks={inks} range={{ start: 0, end: text.length }} />;
}
