/** Members of what a value is: of texts, files, scripts, web clients and COM objects. */

import type { Word } from '../gathering.ts';
import { FILLER, HOLE, holdingIn, isOpen, readable } from '../holes.ts';
import { copyFiles, deleteFiles } from '../windows/actions.ts';
import { taken } from '../windows/command-line.ts';
import { callClient, isClient } from './clients.ts';
import { callCom } from './com.ts';
import { formatted, numberOf, replaced, splitText } from './operators.ts';
import type { Runtime } from './runtime.ts';
import type { Expression } from './syntax.ts';
import { EMPTY, isDownload, itemsOf, listOf, madeOfValues, text, textOfValue, thing, unknown, type Value } from './values.ts';

type Call = Expression & { type: 'call' };
type Member = Expression & { type: 'member' };

/** Says how much or whether, never what. */
const MEASURE =
  /^(length|count|longlength|statuscode|statusdescription|exists|hasvalue|isreadonly|year|month|day|hour|minute|second|millisecond|ticks|total\w+|exitcode|id|hash|version|major|minor|status|starttype|enabled|workingset\w*|cpu|handles|size|rank|isfaulted|iscompleted|hasexited|property|realtimeprotectionenabled)$/;
const PATH_PARTS =
  /^(fullname|name|basename|pspath|versioninfo|directoryname|directory|parent|extension|root|psparentpath|pschildname|path|providerpath|resolvedtarget|target)$/;

export function readMember(of: Value, name: string, member: Member, runtime: Runtime): Value {
  const key = name.toLowerCase();
  if (isOpen(name)) return madeOfValues([of]);
  if (of.kind === 'map')
    return of.entries.get(key) ?? (MEASURE.test(key) ? text(FILLER) : /^(keys|values)$/.test(key) ? madeOfValues([of]) : EMPTY);
  if (of.kind === 'list' && key === 'count') return text(String(of.items.length));
  if (of.kind === 'text' && key === 'length') return text(isOpen(of.text) || of.text.includes(FILLER) ? FILLER : String(of.text.length));
  if (MEASURE.test(key)) return text(FILLER);
  if (key === 'paths' || /^(psobject|psbase)$/.test(key)) return of;
  if (of.kind === 'list') return listOf(of.items.map((item) => readMember(item, name, member, runtime)));
  if (of.kind === 'paths') {
    if (!PATH_PARTS.test(key)) return madeOfValues([of]);
    if (/^(directory|directoryname|parent|psparentpath)$/.test(key))
      return { kind: 'paths', patterns: of.patterns.map((one) => one.replace(/[\\/][^\\/]*$/, '')) };
    return key === 'extension' ? text(FILLER) : of;
  }
  if (of.kind === 'text' && /^(currentuserallhosts|currentusercurrenthost|allusersallhosts|alluserscurrenthost)$/.test(key)) return of;
  if (of.kind === 'thing') return thingMember(of, key, member, runtime);
  if (of.kind === 'text') return isOpen(of.text) ? madeOfValues([of]) : unknown(holdingIn(of.text));
  if (key === 'assembly' && !isDownload(of)) return thing('reflection');
  // A login that somebody typed, or that Windows keeps.
  if (/^(password|cleartextpassword|securepassword)$/.test(key)) return unknown('key');
  return of.kind === 'block' || of.kind === 'bytes' ? unknown() : of;
}

function thingMember(of: Value & { kind: 'thing' }, key: string, member: Member, runtime: Runtime): Value {
  if (of.type === 'executioncontext' || of.type === 'invokecommand')
    return thing(key === 'invokecommand' ? 'invokecommand' : 'executioncontext');
  if (of.type === 'myinvocation' || of.type === 'host' || of.type === 'pscmdlet') return text(FILLER);
  if (of.type === 'reflection' || key === 'assembly') return thing('reflection');
  if (of.type === 'psreadlineoption' && key === 'historysavepath')
    return text(
      `${runtime.machine.gathering.paths.home ?? '~'}/AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt`,
    );
  if (of.type.startsWith('com:')) return thing(of.type, ...of.of, text(key));
  if (isClient(of.type)) return thing(of.type, ...of.of);
  if (/process|service/.test(of.type)) return thing(of.type, ...of.of);
  if (of.type === 'type') {
    runtime.machine.gathering.effect('unresolved', 'plain', `looks into ${readable(runtime.written(member), 40)}`, runtime.range(member));
    return unknown();
  }
  return madeOfValues(of.of);
}

export function callMember(of: Value, name: string, call: Call, runtime: Runtime): Value {
  const { machine, state } = runtime;
  const { gathering } = machine;
  const key = name.toLowerCase();
  const range = runtime.range(call);
  const values = call.parameters.map(runtime.evaluate);
  const words: Word[] = call.parameters.map((parameter, index) => ({
    text: textOfValue(values[index]!),
    range: runtime.range(parameter),
    raw: runtime.written(parameter),
  }));
  if (key === 'foreach' || key === 'where') {
    const block = values[0];
    return block?.kind === 'block' ? listOf(itemsOf(of).map((item) => runtime.call(block, item, []))) : of;
  }
  if (of.kind === 'map') {
    const entry = of.entries.get(key);
    if (entry?.kind === 'block') return runtime.call(entry, undefined, values);
    return /^(add|set_item|remove|clear)$/.test(key) ? EMPTY : madeOfValues([of]);
  }
  if (of.kind === 'block' && /^(invoke|invokereturnasis|invokewithcontext)$/.test(key)) return runtime.call(of, undefined, values);
  if (of.kind === 'thing') {
    const done = callThing(of, key, words, values, call, runtime);
    if (done) return done;
  }
  if (key === 'getresponse' && of.kind === 'download') return of;
  if (of.kind === 'paths') {
    const given = { machine, state: state.shell, range };
    const files = of.patterns.map((pattern) => ({ text: pattern, range, raw: runtime.written(call.target) }));
    if (key === 'delete') deleteFiles(files, given, 'found');
    else if (key === 'moveto' || key === 'copyto') copyFiles(files, words[0], given, key === 'moveto' ? 'move' : 'copy');
    return key === 'tostring' ? of : EMPTY;
  }
  if (of.kind === 'text' && !isOpen(of.text)) return textMethod(of, key, values);
  if (of.kind === 'list')
    return /^(add|addrange|push|enqueue)$/.test(key)
      ? EMPTY
      : listOf(of.items.map((item) => (item.kind === 'text' ? textMethod(item, key, values) : madeOfValues([item, ...values]))));
  if (/^(invoke\w*|dynamicinvoke|execute\w*|start|run|exec|create\w*instance|shellexecute)$/.test(key) && of.kind === 'unknown')
    gathering.effect('unresolved', 'watch', `runs what can’t be told before it runs: ${readable(runtime.written(call))}`, range);
  else if (
    /^(delete|kill|terminate|remove\w*|stop|format|disable|uninstall|setstringvalue|setvalue|write)$/.test(key) &&
    of.kind === 'unknown' &&
    !isHarmlessTarget(call)
  )
    gathering.effect('unresolved', 'watch', `does what can’t be told before it runs: ${readable(runtime.written(call))}`, range);
  if (/^(getnetworkcredential|getpassword)$/.test(key)) return unknown('secret');
  return madeOfValues([of, ...values]);
}

/** `$list.Remove(1)`: of what was read or made here only memory is changed. */
function isHarmlessTarget(call: Call): boolean {
  return (
    call.target.type === 'variable' &&
    /^(list|arr\w*|set|map|dict\w*|queue|stack|sb|builder|xml|json|doc|node|obj\w*|data|writer|sw)$/i.test(call.target.name)
  );
}

function callThing(
  of: Value & { kind: 'thing' },
  key: string,
  words: readonly Word[],
  values: readonly Value[],
  call: Call,
  runtime: Runtime,
): Value | undefined {
  const range = runtime.range(call);
  const effect = runtime.machine.gathering.effect;
  if (of.type === 'encoding') return encoded(of, key, values);
  if (of.type === 'scriptblock' && /^(invoke|invokereturnasis)$/.test(key)) return runtime.call(of, undefined, values);
  if (of.type === 'scriptblock') return of;
  if (of.type === 'invokecommand' || of.type === 'executioncontext') {
    if (/^(invokescript|expandstring)$/.test(key))
      return runtime.run(words.at(0)?.text ?? '', () => words[0]?.range ?? range, words[0]?.raw ?? '');
    return key === 'newscriptblock' ? thing('scriptblock', values[0] ?? EMPTY) : text(HOLE);
  }
  if (of.type === 'powershell') {
    if (/^(addscript|addcommand)$/.test(key))
      return thing('powershell', ...of.of, text(key === 'addscript' ? (words[0]?.text ?? '') : `${words[0]?.text ?? ''} `));
    if (/^(addargument|addparameter)$/.test(key))
      return thing('powershell', ...of.of, text(` ${words.map((word) => word.text).join(' ')}`));
    if (/^(invoke|begininvoke|invokeasync)$/.test(key))
      return runtime.run(of.of.map(textOfValue).join(''), () => range, runtime.written(call));
    return of;
  }
  if (of.type === 'reflection' || of.type === 'type') {
    if (of.type === 'type' && key !== 'invokemember' && !/^(getmethod|getfield|invoke)$/.test(key)) return unknown();
    effect(
      'unresolved',
      'watch',
      `reaches into programs in a way that can’t be told before it runs (${readable(runtime.written(call), 50)})`,
      range,
    );
    return thing('reflection');
  }
  if (isClient(of.type)) return callClient(of, key, words, values, range, runtime);
  if (of.type.startsWith('com:')) return callCom(of, key, words, range, runtime);
  if (/^(wmi|wmiclass)$/.test(of.type)) {
    if (key === 'create' && /process/i.test(of.of.map(textOfValue).join('')))
      return runtime.words(words.slice(0, 1).flatMap(taken), EMPTY, range);
    if (/^(delete|uninstall|terminate|change\w*|invoke\w*|win32shutdown|reboot|shutdown)$/.test(key))
      effect('unresolved', 'watch', `asks Windows’ management to ${key} something`, range);
    return unknown();
  }
  if (of.type === 'process' && key === 'kill') {
    for (const name of of.of)
      runtime.words(
        ['Stop-Process', '-Name', textOfValue(name)].map((one) => ({ text: one, range, raw: one })),
        EMPTY,
        range,
      );
    return EMPTY;
  }
  if (of.type === 'process' && key === 'start') return runtime.words(words.slice(0, 1), EMPTY, range);
  if (of.type === 'scheduled' && /^register/.test(key)) effect('persistence', 'risk', 'registers a task that runs by itself', range);
  return undefined;
}

/** Bytes to text and back, as `[Text.Encoding]::UTF8` does it. */
function encoded(of: Value, key: string, [first = EMPTY]: readonly Value[]): Value {
  const name = of.kind === 'thing' ? of.of.map(textOfValue).join('') : '';
  const encoding = /unicode/.test(name) && !/big/.test(name) ? 'utf16le' : /latin1|default|ascii/.test(name) ? 'latin1' : 'utf8';
  if (key === 'getstring') {
    if (first.kind === 'bytes') return text(first.bytes.toString(encoding));
    const codes = itemsOf(first).map(numberOf);
    if (first.kind === 'list' && codes.every((code) => code !== undefined)) return text(Buffer.from(codes as number[]).toString(encoding));
    return first.kind === 'text' ? first : madeOfValues([first]);
  }
  if (key === 'getbytes')
    return first.kind === 'text' && !isOpen(first.text)
      ? { kind: 'bytes', bytes: Buffer.from(first.text, encoding) }
      : first.kind === 'text'
        ? first
        : madeOfValues([first]);
  return of;
}

function textMethod(of: Value & { kind: 'text' }, key: string, values: readonly Value[]): Value {
  const [one = EMPTY, two] = values;
  const [from, length] = [numberOf(one), two && numberOf(two)];
  const given = of.text;
  switch (key) {
    case 'toupper':
    case 'toupperinvariant':
      return text(given.toUpperCase());
    case 'tolower':
    case 'tolowerinvariant':
      return text(given.toLowerCase());
    case 'replace':
      return replaced(of, textOfValue(one), textOfValue(two ?? EMPTY), true);
    case 'substring':
      return from === undefined ? text(HOLE) : text(given.slice(from, length === undefined ? undefined : from + length));
    case 'remove':
      return from === undefined ? text(HOLE) : text(given.slice(0, from) + (length === undefined ? '' : given.slice(from + length)));
    case 'insert':
      return from === undefined ? text(HOLE) : text(given.slice(0, from) + textOfValue(two ?? EMPTY) + given.slice(from));
    case 'split': {
      const separators = itemsOf(one).map(textOfValue).join('');
      return separators === ''
        ? splitText(of, ' ')
        : listOf(
            given
              .split(new RegExp(`[${separators.replace(/[\\\]^-]/g, '\\$&')}]`))
              .slice(0, 1_000)
              .map(text),
          );
    }
    case 'trim':
      return text(given.trim());
    case 'trimstart':
      return text(given.trimStart());
    case 'trimend':
      return text(given.trimEnd());
    case 'tochararray':
      return listOf([...given].slice(0, 1_000).map(text));
    case 'tostring':
    case 'normalize':
    case 'padleft':
    case 'padright':
    case 'clone':
      return of;
    case 'format':
      return text(formatted(given, values.map(textOfValue)));
    case 'invoke':
      return unknown();
    case 'gettype':
      return thing('type', text('string'));
    default:
      return text(FILLER);
  }
}
