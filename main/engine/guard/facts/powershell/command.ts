/** One command of PowerShell: an alias, a function, a cmdlet, a script block, or a program of its own. */

import type { Range, Word } from '../gathering.ts';
import { FILLER, HOLE, isDownloaded, isOpen, readable } from '../holes.ts';
import { flowOfProgram, runProgram } from '../windows/external.ts';
import { ALIASES } from './aliases.ts';
import { bind, type Given, plainWords, type Token, tokensOf, wordsOfGiven } from './binding.ts';
import type { Cmdlet, CmdletCall, Said } from './cmdlets/cmdlet.ts';
import { knownCmdlet } from './cmdlets/known.ts';
import { judgeUnknownCmdlet } from './cmdlets/unknown.ts';
import type { PowerFunction, Runtime } from './runtime.ts';
import type { Element } from './syntax.ts';
import { EMPTY, flowOf, isDownload, listOf, madeOfValues, text, textOfValue, unknown, type Value } from './values.ts';

export function runElement(element: Element & { type: 'command' }, input: Value, runtime: Runtime, piped: boolean): Value {
  const range = runtime.range(element);
  const named = runtime.evaluate(element.name);
  const nameRange = runtime.range(element.name);
  const tokens = tokensOf(element.words, runtime);
  if (named.kind === 'block' || (named.kind === 'thing' && named.type === 'scriptblock')) {
    if (named.kind === 'thing' && named.of.some(isDownload)) return downloads(nameRange, runtime);
    return runtime.call(
      named,
      piped ? input : undefined,
      tokens.flatMap((token) => (token.kind === 'value' ? [token.value] : [])),
    );
  }
  if (isDownload(named)) return downloads(nameRange, runtime);
  const name: Word = { text: textOfValue(named).trim(), range: nameRange, raw: runtime.written(element.name) };
  return runTokens(name, tokens, { input, piped, range, raw: runtime.written(element), dots: element.operator === '.' }, runtime);
}

/** Words that are a command: what Start-Process and its like are given. */
export function runWords(words: readonly Word[], input: Value, range: Range, runtime: Runtime): Value {
  const [first, ...rest] = words;
  if (!first) return EMPTY;
  const tokens = rest.map((word): Token => {
    const parameter = /^-([A-Za-z][\w-]*)$/.exec(word.text);
    return parameter
      ? { kind: 'parameter', name: parameter[1]!, range: word.range, raw: word.raw }
      : { kind: 'value', value: text(word.text), range: word.range, raw: word.raw };
  });
  return runTokens(
    first,
    tokens,
    { input, piped: input.kind !== 'nothing', range, raw: words.map(({ raw }) => raw).join(' '), dots: false },
    runtime,
  );
}

interface Circumstances {
  readonly input: Value;
  readonly piped: boolean;
  readonly range: Range;
  readonly raw: string;
  readonly dots: boolean;
}

function runTokens(name: Word, tokens: readonly Token[], at: Circumstances, runtime: Runtime): Value {
  const { state, machine } = runtime;
  if (isDownloaded(name.text)) return downloads(name.range, runtime);
  if (isOpen(name.text) || name.text === '') {
    if (!name.raw.includes('{_unset_}'))
      machine.gathering.effect('unresolved', 'watch', `can’t be told before it runs: ${readable(name.raw)}`, name.range);
    return unknown();
  }
  const key = name.text
    .toLowerCase()
    .replace(/^[\w.]+\\(?=[a-z]+-[a-z]+$)/, '')
    .replace(/^(global|script|local):/, '');
  const known = state.functions.get(key);
  if (known) return callFunction(known, tokens, at, runtime);
  const first = state.aliases.get(key);
  // An alias of its own may stand for another one.
  const meaning =
    (first !== undefined ? (ALIASES.get(first.toLowerCase()) ?? first) : ALIASES.get(key)) ??
    (key === name.text.toLowerCase() ? name.text : key);
  const own = meaning.toLowerCase() === key ? undefined : state.functions.get(meaning.toLowerCase());
  if (own) return callFunction(own, tokens, at, runtime);
  const cmdlet = knownCmdlet(meaning.toLowerCase());
  // Nobody who has nothing to hide writes the name of this one in any other way.
  if (meaning.toLowerCase() === 'invoke-expression' && !/^(['"]?)(iex|invoke-expression)\1$/i.test(name.raw.replaceAll('`', '')))
    machine.gathering.effect('unresolved', 'watch', `hides that it runs text as a command (${readable(at.raw, 60)})`, name.range);
  if (cmdlet) return runCmdlet(meaning.toLowerCase(), cmdlet, tokens, at, runtime);
  if (/^[a-z]+-[a-z][\w]*$/i.test(meaning) && judgeUnknownCmdlet(meaning, at.raw, at.range, machine.gathering)) {
    return madeOfValues([at.input, ...tokens.flatMap((token) => (token.kind === 'value' ? [token.value] : (token.given?.value ?? [])))]);
  }
  const words = plainWords(tokens);
  return flowOfProgram(
    runProgram([{ ...name, text: meaning }, ...words], {
      state: state.shell,
      stdin: at.piped ? piped(at.input) : flowOf(EMPTY),
      range: at.range,
      machine,
    }),
  );
}

/** A program that reads from a pipe does not wait for a person. */
function piped(input: Value) {
  const flow = flowOf(input);
  return flow.kind === 'nothing' ? ({ kind: 'text', text: '' } as const) : flow;
}

function downloads(range: Range, { machine }: Runtime): Value {
  machine.gathering.effect('download-execute', 'risk', `downloads ${machine.disk.sources.at(-1) ?? 'something'} and runs it`, range);
  return unknown();
}

function callFunction(known: PowerFunction, tokens: readonly Token[], at: Circumstances, runtime: Runtime): Value {
  const names = known.block.parameters.map(({ name }) => name.toLowerCase());
  const { parameters, rest } = bind(tokens, { positional: names.join(' ') });
  const values = names.map((name) => listOf((parameters.get(name) ?? []).map(({ value }) => value)));
  const given =
    names.length === 0
      ? rest.map(({ value }) => value)
      : values.map((value, index) => (parameters.has(names[index]!) && value.kind === 'nothing' ? text('True') : value));
  const defaults = given.map((value) => (value.kind === 'nothing' ? undefined : value)) as readonly Value[];
  return runtime.call({ kind: 'block', block: known.block, source: known.source }, at.piped ? at.input : undefined, defaults);
}

function runCmdlet(name: string, cmdlet: Cmdlet, tokens: readonly Token[], at: Circumstances, runtime: Runtime): Value {
  const { machine, state } = runtime;
  const { parameters, rest } = bind(tokens, cmdlet);
  const given = (parameter: string): readonly Given[] => parameters.get(parameter.toLowerCase()) ?? [];
  const whatIf = parameters.get('whatif');
  if (whatIf && !/^(false|0)$/i.test(textOfValue(whatIf[0]?.value ?? text('True')))) return unknown();
  const call: CmdletCall = {
    name,
    runtime,
    machine,
    state: state.shell,
    input: at.input,
    range: at.range,
    raw: at.raw,
    rest,
    given,
    has: (parameter) => parameters.has(parameter.toLowerCase()) && !/^false$/i.test(textOfValue(given(parameter)[0]?.value ?? EMPTY)),
    words: (parameter) => given(parameter).flatMap(wordsOfGiven),
    word: (parameter) => given(parameter).flatMap(wordsOfGiven)[0],
    value: (parameter) => given(parameter)[0]?.value,
    say: (said, range = at.range) => tell(said, range),
  };
  for (const said of cmdlet.effects ?? []) tell(said, at.range);
  const rule = cmdlet.when?.find(({ given: parameter, matches }) =>
    matches ? call.words(parameter).some((word) => matches.test(word.text)) : call.has(parameter),
  );
  for (const said of rule?.effects ?? []) tell(said, at.range);
  for (const parameter of cmdlet.reads?.split(' ') ?? [])
    for (const word of call.words(parameter)) machine.gathering.reads(word, state.shell.cwd);
  for (const parameter of cmdlet.writes?.split(' ') ?? [])
    for (const word of call.words(parameter)) machine.gathering.writes(word, state.shell.cwd);
  const printed = cmdlet.run?.(call);
  return printed ?? outputOf(cmdlet, at.input, call);

  function tell(said: Said, range: Range): void {
    const first = cmdlet.positional?.split(' ')[0];
    const word = first === undefined ? undefined : call.word(first);
    const says = said.says
      .replaceAll('{command}', () => readable(at.raw, 60))
      .replaceAll('{name}', () => writtenName(name))
      .replaceAll('{1}', () => (word ? readable(word.text.includes(HOLE) ? word.raw : word.text, 60) : 'something'));
    machine.gathering.effect(said.effect, said.risk ?? 'plain', says, range);
  }
}

function writtenName(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function outputOf(cmdlet: Cmdlet, input: Value, call: CmdletCall): Value {
  switch (cmdlet.gives) {
    case 'input':
      return input;
    case 'nothing':
      return EMPTY;
    case 'measure':
      return text(FILLER);
    case 'secret':
    case 'private':
    case 'identity':
      return unknown(cmdlet.gives);
    case 'unknown':
      return unknown();
    default: {
      const values = [...(cmdlet.positional?.split(' ') ?? []), ...(cmdlet.named?.split(' ') ?? [])].flatMap((parameter) =>
        call.given(parameter).map(({ value }) => value),
      );
      return madeOfValues([input, ...values]);
    }
  }
}
