/** Gemini's chunks, as a reader would describe an answer. */

export const data = (value: unknown) => `data: ${JSON.stringify(value)}\r\n\r\n`;

export const SIGNATURE = 'c2lnbmVk';

export interface Part {
  readonly [key: string]: unknown;
}

export const candidate = (parts: readonly Part[], finishReason?: string, index = 0) => ({
  content: { parts, role: 'model' },
  ...(finishReason !== undefined && { finishReason }),
  index,
});

export const answer = (...candidates: readonly object[]) => ({
  candidates,
  usageMetadata: { promptTokenCount: 12, candidatesTokenCount: 9, totalTokenCount: 21 },
  modelVersion: 'gemini-3-pro',
  responseId: 'r-1',
});

export const says = (text: string): Part => ({ text });
export const thinks = (text: string): Part => ({ text, thought: true });

export const call = (command: string, more: object = {}): Part => ({
  functionCall: { name: 'run_shell_command', args: { command }, ...more },
});

export const signedCall = (command: string): Part => ({ ...call(command), thoughtSignature: SIGNATURE });

/** The same answer in each of the ways that Google sends it: what holds its chunks apart, and whether they are wrapped. */
export const FRAMINGS = {
  'events of the Gemini API': { type: 'text/event-stream', body: (chunks: readonly object[]) => chunks.map(data).join(''), wrapped: false },
  'events of Code Assist': {
    type: 'text/event-stream',
    body: (chunks: readonly object[]) => chunks.map((response) => data({ response, traceId: 't-1' })).join(''),
    wrapped: true,
  },
  'one array': {
    type: 'application/json; charset=UTF-8',
    body: (chunks: readonly object[]) => `[${chunks.map((chunk) => JSON.stringify(chunk, null, 2)).join('\n,\r\n')}\n]\n`,
    wrapped: false,
  },
} as const;

interface Chunk {
  readonly candidates: readonly {
    readonly index?: number;
    readonly finishReason?: string;
    readonly content?: { readonly parts: readonly AnyPart[] };
  }[];
  readonly [key: string]: unknown;
}

interface AnyPart {
  readonly text?: string;
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
  readonly functionCall?: object;
  readonly function_call?: object;
}

/** The chunks of a body in any of the framings. */
export function chunksOf(body: string): Chunk[] {
  const texts = body.startsWith('[') || body.startsWith('{') ? undefined : body.split(/\r?\n\r?\n/).filter((frame) => frame !== '');
  const values = texts ? texts.map((frame) => JSON.parse(frame.slice('data: '.length))) : [JSON.parse(body)].flat();
  return values.map((value) => value.response ?? value);
}

/** What a client puts together from them: a candidate's text, its calls, and how it finished. */
export function assembled(body: string, index = 0) {
  const parts = chunksOf(body).flatMap(({ candidates = [] }) =>
    candidates.filter((candidate) => (candidate.index ?? 0) === index).flatMap((candidate) => candidate.content?.parts ?? []),
  );
  const finishes = chunksOf(body).flatMap(({ candidates = [] }) =>
    candidates.flatMap((candidate) => ((candidate.index ?? 0) === index ? (candidate.finishReason ?? []) : [])),
  );
  return {
    text: parts.flatMap((part) => (part.thought ? [] : (part.text ?? []))).join(''),
    calls: parts.flatMap((part) => part.functionCall ?? part.function_call ?? []),
    signatures: parts.flatMap((part) => (part.functionCall ? [part.thoughtSignature] : [])),
    finishes,
  };
}
