/** A model's turn as it arrives, in one answer or in many chunks: its calls, and each chunk's text without those that are refused. */

import type { ToolCall, Uninspected } from '../../../contract/action.ts';
import { explain } from '../explain.ts';
import { type JsonNode, type JsonObject, locate, patched, source } from '../json.ts';
import { MAX_CALLS } from '../line.ts';
import type { Refusals, ResponseSummary } from '../pieces.ts';
import { createSummary } from '../summary.ts';
import { GOOGLE_USAGE } from '../usage.ts';
import { field, fieldKey, fieldNode } from './names.ts';
import { type Part, type PartCall, readAnswer } from './parts.ts';

export interface Turn {
  /** Reads the next chunk, or says why it cannot be read; then nothing has been changed. */
  read(answer: JsonObject, text: string): Chunk | Uninspected;
  /** Whether chunks come as Code Assist wraps them: `{"response": …}`. */
  readonly isWrapped: boolean;
  /** Candidates that have not finished; the first where none has begun. */
  unfinished(): readonly { readonly index: number; readonly said: boolean }[];
  summary(): ResponseSummary;
}

export interface Chunk {
  /** Those that begin in it. */
  readonly calls: readonly ToolCall[];
  /** Whether it depends on verdicts. */
  readonly hasCalls: boolean;
  /** Its text; undefined where nothing in it changes. */
  render(refused: Refusals): string | undefined;
}

interface ReceivedCall {
  readonly call: ToolCall;
  readonly signature: string | undefined;
  /** Its candidate said something before it. */
  readonly afterText: boolean;
}

interface ReceivedPart {
  readonly received: ReceivedCall;
  readonly begins: boolean;
}

interface CandidateState {
  readonly index: number;
  readonly calls: ReceivedCall[];
  /** More fragments of it are to come. */
  open: ReceivedCall | undefined;
  said: boolean;
  finished: boolean;
}

/** A candidate in a chunk: what each of its parts has to do with calls. */
interface Place {
  readonly state: CandidateState;
  readonly parts: readonly (ReceivedPart | undefined)[];
}

/** `isWrapped`: as the request's path tells, before anything came. */
export function createTurn(callBytes: number, isWrapped: boolean): Turn {
  const states = new Map<number, CandidateState>();
  const summary = createSummary();
  let wrapped = isWrapped;

  return {
    read(answer, text) {
      const reading = readAnswer(answer, callBytes);
      if (!reading) return 'unknown-shape';
      const { inner, candidates } = reading;
      if (candidates.flatMap(({ parts }) => parts.filter(({ call }) => call)).length > MAX_CALLS) return 'too-long';
      wrapped ||= reading.isWrapped;
      summary.model(field(inner, 'modelVersion'));
      summary.usage(field(inner, 'usageMetadata'), GOOGLE_USAGE);
      const places = candidates.map(({ index, parts, finish }): Place => {
        const state = stateAt(index);
        const received = parts.map((part) => receive(state, part));
        if (typeof finish === 'string' && finish !== '') state.finished = true;
        if (index === 0) summary.stopReason(finish);
        return { state, parts: received };
      });
      const all = places.flatMap(({ parts }) => parts.flatMap((part) => part ?? []));
      return {
        calls: all.flatMap(({ begins, received }) => (begins ? [received.call] : [])),
        hasCalls: all.length > 0,
        render: (refused) => rendered(text, reading.isWrapped, places, refused),
      };
    },
    get isWrapped() {
      return wrapped;
    },
    unfinished: () => (states.size > 0 ? [...states.values()].filter(({ finished }) => !finished) : [stateAt(0)]),
    summary: summary.read,
  };

  function stateAt(index: number): CandidateState {
    const state = states.get(index) ?? { index, calls: [], open: undefined, said: false, finished: false };
    states.set(index, state);
    return state;
  }

  function receive(state: CandidateState, { text, call }: Part): ReceivedPart | undefined {
    if (call) return receiveCall(state, call);
    if (text) state.said = true;
    if (state.index === 0) summary.text(text);
    return undefined;
  }
}

function receiveCall(state: CandidateState, { call, isNamed, isUnfinished, signature }: PartCall): ReceivedPart {
  const begins = isNamed || state.open === undefined;
  const received = (begins ? undefined : state.open) ?? { call, signature, afterText: state.said };
  if (begins) state.calls.push(received);
  state.open = isUnfinished ? received : undefined;
  return { received, begins };
}

function rendered(text: string, isWrapped: boolean, places: readonly Place[], refused: Refusals): string | undefined {
  const changes = places.map(({ state, parts }) =>
    parts.map((part) => (part === undefined ? undefined : changeOf(part, state.calls, refused))),
  );
  if (!changes.some((parts) => parts.some((change) => change !== undefined))) return undefined;
  const tree = locate(text);
  const inner = isWrapped ? fieldNode(tree, 'response')! : tree;
  const candidates = fieldNode(inner, 'candidates')!;
  const list = candidates.items.map((candidate, at) => changedCandidate(text, candidate, changes[at] ?? []));
  const changed = patched(text, inner, { [fieldKey(inner, 'candidates')]: `[${list.join(',')}]` });
  return isWrapped ? patched(text, tree, { [fieldKey(tree, 'response')]: changed }) : changed;
}

/** What becomes of a part: words, a signature more, or (undefined) what it is. */
type Change = { readonly words: string } | { readonly signature: string } | undefined;

function changeOf({ received, begins }: ReceivedPart, calls: readonly ReceivedCall[], refused: Refusals): Change {
  const why = refused.get(received.call);
  if (why) {
    // Never no part at all: Google's client drops a turn from its history that has a chunk without.
    if (!begins) return { words: '' };
    const first = calls.find(({ call }) => refused.has(call));
    const space = received.afterText || first !== received ? '\n\n' : '';
    return { words: space + explain(received.call, why) };
  }
  const signature = begins ? inheritedSignature(received, calls, refused) : undefined;
  return signature === undefined ? undefined : { signature };
}

/**
 * Only the first of parallel calls bears a signature, and Gemini 3 wants one on the first call of the history that it is sent back:
 * the first that stays takes it over from those before it. Text needs none ("Thought signatures" in Google's guide).
 */
function inheritedSignature(received: ReceivedCall, calls: readonly ReceivedCall[], refused: Refusals): string | undefined {
  const before = calls.slice(0, calls.indexOf(received));
  if (received.signature !== undefined || !before.every(({ call }) => refused.has(call))) return undefined;
  return before.find(({ signature }) => signature !== undefined)?.signature;
}

function changedCandidate(text: string, candidate: JsonNode, changes: readonly Change[]): string {
  if (!changes.some((change) => change !== undefined)) return source(text, candidate);
  const content = fieldNode(candidate, 'content')!;
  const parts = fieldNode(content, 'parts')!.items.map((part, at) => {
    const change = changes[at];
    if (change === undefined) return source(text, part);
    if ('words' in change) return JSON.stringify({ text: change.words });
    return patched(text, part, { [fieldKey(part, 'thoughtSignature')]: JSON.stringify(change.signature) });
  });
  const changed = patched(text, content, { [fieldKey(content, 'parts')]: `[${parts.join(',')}]` });
  return patched(text, candidate, { [fieldKey(candidate, 'content')]: changed });
}
