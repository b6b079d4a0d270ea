/** Static members of .NET types: files, encodings, environment, processes. What only computes is worked out or let be. */

import type { Word } from '../gathering.ts';
import { FILLER, HOLE, IDENTITY, isOpen, readable } from '../holes.ts';
import { judgeVariable } from '../shell/variables.ts';
import { copyFiles, deleteFiles, readFiles, writeFiles } from '../windows/actions.ts';
import { environmentVariable } from '../windows/environment.ts';
import { judgeEnvironmentWrite, judgeRegistry } from '../windows/registry.ts';
import { connects } from './clients.ts';
import { formatted, numberOf, replaced } from './operators.ts';
import type { Runtime } from './runtime.ts';
import type { Expression } from './syntax.ts';
import { EMPTY, flowOf, itemsOf, joined, listOf, madeOfValues, text, textOfValue, thing, unknown, type Value } from './values.ts';

type Call = Expression & { type: 'call' };
type Member = Expression & { type: 'member' };

/** Types that only compute, or only look. */
const CALM =
  /^(math|string|char|int\d*|uint\d*|byte|sbyte|long|short|double|single|float|decimal|bool(ean)?|datetime(offset)?|timespan|guid|version|bitconverter|console|array|enum|object|type|random|uri|tuple|linq\.\w+|collections\.[\w.`]+|globalization\.[\w.]+|text\.[\w.]+|io\.(path|driveinfo|memorystream|stringreader|stringwriter|streamreader|pathinternal)|xml[\w.]*|json[\w.]*|newtonsoft[\w.]*|numerics\.\w+|diagnostics\.(stopwatch|fileversioninfo|debug|trace)|threading\.(thread|tasks\.task|monitor|interlocked)|web\.httputility|net\.(webutility|ipaddress|servicepointmanager|securityprotocoltype|networkcredential|networkinformation[\w.]*|cookie\w*|mime[\w.]*|httpstatuscode)|security\.cryptography\.(sha\d+|md5|hmac\w*|aes|rsa|randomnumbergenerator|rng\w*|hashalgorithm|x509certificates[\w.]*)|management\.automation\.(language\.[\w.]+|psparser|wildcardpattern|psobject|pscredential|pscustomobject|psserializer|semanticversion|errorrecord|hostinformation\w*|commandtypes|actionpreference|runspaces\.runspacefactory)|runtime\.interopservices\.(runtimeinformation|osplatform|architecture)|componentmodel[\w.]*|nullable[\w.]*|pscustomobject|psobject|hashtable|ordered|regex|gc|buffer|environment|void|xml|switch|appcontext|operatingsystem|stringcomparison|diagnostics\.process|reflection\.assemblyname|windows\.(forms|media)\.\w+|drawing\.\w+|security\.principal\.\w+)$/;
const READS = /^(readall(text|bytes|lines)|readlines|openread|opentext|getaccesscontrol)(async)?$/;
const WRITES =
  /^(writeall(text|bytes|lines)|create(text)?|openwrite|appendall(text|lines)|appendtext|open|setattributes|set\w+time(utc)?|setaccesscontrol|createsymboliclink|encrypt|decrypt)(async)?$/;

export function plainType(type: string): string {
  return type
    .toLowerCase()
    .replace(/\s/g, '')
    .replace(/^system\./, '')
    .replace(/\[\]$/, '');
}

export function readStatic(type: string, name: string, _member: Member, runtime: Runtime): Value {
  const [of, key] = [plainType(type), name.toLowerCase()];
  if (of === 'environment') {
    if (/^(machinename|username|userdomainname)$/.test(key)) return text(IDENTITY);
    if (key === 'currentdirectory') return text(runtime.state.shell.cwd ?? HOLE);
    if (key === 'newline') return text('\n');
    return text(FILLER);
  }
  if (/^text\.encoding$/.test(of)) return thing('encoding', text(key));
  if (/^io\.path$/.test(of)) return text(/separator/.test(key) ? '/' : FILLER);
  if (key === 'assembly') return thing('reflection');
  if (/^net\.webrequest$/.test(of)) return thing('proxy');
  if (/^string$/.test(of)) return text('');
  if (key === 'now' || key === 'utcnow' || CALM.test(of)) return text(FILLER);
  return unknown();
}

export function callStatic(type: string, name: string, call: Call, runtime: Runtime): Value {
  const [of, method] = [plainType(type), name.toLowerCase()];
  const { machine, state } = runtime;
  const values = call.parameters.map(runtime.evaluate);
  const words: Word[] = call.parameters.map((parameter, index) => ({
    text: textOfValue(values[index]!),
    range: runtime.range(parameter),
    raw: runtime.written(parameter),
  }));
  const range = runtime.range(call);
  const given = { machine, state: state.shell, range };
  const first = words[0];
  const effect = machine.gathering.effect;
  if (of === 'io.file' && first) {
    if (READS.test(method)) {
      const flow = readFiles([first], given);
      return flow.kind === 'text' && method === 'readallbytes' ? { kind: 'bytes', bytes: Buffer.from(flow.text) } : flow;
    }
    if (method === 'delete') deleteFiles([first], given);
    else if (/^(copy|move|replace)$/.test(method)) copyFiles([first], words[1], given, method === 'copy' ? 'copy' : 'move');
    else if (WRITES.test(method))
      writeFiles([first], values[1] ? flowOf(values[1]) : flowOf(EMPTY), given, method.startsWith('append') ? 'adds to' : 'writes');
    return /^(exists|get)/.test(method) ? text(FILLER) : EMPTY;
  }
  if (of === 'io.directory' && first) {
    if (method === 'delete') deleteFiles([first], given, values[1] && !/^(false|0)$/i.test(textOfValue(values[1])) ? 'whole' : undefined);
    else if (method === 'move') copyFiles([first], words[1], given, 'move');
    else if (method === 'createdirectory') machine.gathering.writes(first, state.shell.cwd);
    else if (method === 'setcurrentdirectory') state.shell.cwd = machine.gathering.paths.absolute(first.text, state.shell.cwd);
    else if (/^(get|enumerate)/.test(method)) return { kind: 'paths', patterns: [`${first.text}/${textOfValue(values[1] ?? text('*'))}`] };
    return text(FILLER);
  }
  if (of === 'io.compression.zipfile' && first) {
    const packs = method === 'createfromdirectory';
    const flow = readFiles([first], given, packs);
    if (packs && words[1]) writeFiles([words[1]], { kind: 'unknown', holds: 'private' }, given);
    else if (words[1]) {
      const place = machine.gathering.writes(words[1], state.shell.cwd, 'unpacks into');
      if (flow.kind === 'download') machine.disk.fetched.set(place.path, flow.from);
    }
    return EMPTY;
  }
  if (of === 'io.path') return pathMethod(method, values);
  if (of === 'convert') return converted(method, values);
  if (of === 'environment') return environmentMethod(method, words, values, runtime, range);
  if (of === 'string') {
    const [head = EMPTY, ...rest] = values;
    if (method === 'join') return text(joined(rest.flatMap(itemsOf).map(textOfValue), textOfValue(head)));
    if (method === 'format') return text(formatted(textOfValue(head), rest.flatMap(itemsOf).map(textOfValue)));
    if (method === 'concat') return text(joined(values.flatMap(itemsOf).map(textOfValue), ''));
    if (method === 'new') return text(joined(values.flatMap(itemsOf).map(textOfValue), ''));
    return text(FILLER);
  }
  if (of === 'char' && method === 'convertfromutf32')
    return text(String.fromCodePoint(Math.min(Math.max(numberOf(values[0] ?? EMPTY) ?? 0, 0), 0x10ffff)));
  if (of === 'array' && method === 'reverse' && call.parameters[0]?.type === 'variable' && values[0]) {
    state.variables.set(call.parameters[0].name.toLowerCase(), { kind: 'list', items: [...itemsOf(values[0])].reverse() });
    return EMPTY;
  }
  if (/^(text\.regularexpressions\.)?regex$/.test(of)) {
    if (method === 'replace' && values[0] && values[1] && values[2])
      return replaced(values[0], textOfValue(values[1]), textOfValue(values[2]));
    if (method === 'unescape' || method === 'escape') return values[0] ?? EMPTY;
    return madeOfValues(values);
  }
  if (of === 'scriptblock' || of === 'management.automation.scriptblock') return thing('scriptblock', values[0] ?? EMPTY);
  if (of === 'powershell' || of === 'management.automation.powershell') return thing('powershell');
  if (of === 'diagnostics.process' && method === 'start' && first) {
    return runtime.words([first, ...words.slice(1).flatMap(split)], EMPTY, range);
  }
  if (/^(microsoft\.)?(win32\.)?registry$/.test(of) && first) {
    if (/^(set|delete|create)/.test(method))
      judgeRegistry(
        { key: first.text, name: words[1]?.text, value: words[2]?.text, verb: method.startsWith('delete') ? 'delete' : 'write', range },
        machine,
      );
    return unknown();
  }
  if (of === 'net.dns' && method === 'gethostname') return text(IDENTITY);
  if (of === 'net.dns' && first) {
    machine.gathering.effect(
      'network',
      isOpen(first.text) ? 'watch' : 'plain',
      `asks about ${readable(isOpen(first.text) ? first.raw : first.text)}`,
      range,
    );
    return unknown();
  }
  if (/protecteddata$/.test(of) && method === 'unprotect') {
    effect('credential-access', 'risk', 'decrypts what Windows keeps for this user', range);
    effect('read', 'risk', 'decrypts what Windows keeps for this user', range);
    return unknown('secret');
  }
  if (/^runtime\.interopservices\.marshal$/.test(of)) {
    if (/^ptrtostring/.test(method)) {
      effect('credential-access', 'watch', 'turns a protected password into text', range);
      effect('read', 'risk', 'turns a protected password into text', range);
      return unknown('secret');
    }
    if (/^(securestringto|zerofree|free)/.test(method)) return unknown('secret');
    effect('unresolved', 'watch', 'works on memory directly, which can’t be told before it runs', range);
    return unknown();
  }
  if (/^reflection\.assembly$/.test(of) && !/^(loadwithpartialname|get(executing|entry|calling)assembly)$/.test(method)) {
    effect('unresolved', 'watch', `loads code that can’t be told before it runs (${readable(runtime.written(call), 50)})`, range);
    return thing('reflection');
  }
  if (of === 'activator' || of === 'appdomain' || of === 'ref') {
    effect('unresolved', 'watch', `makes something that can’t be told before it runs (${readable(runtime.written(call), 50)})`, range);
    return unknown();
  }
  if (method === 'new') {
    if (/(tcpclient|udpclient)$/.test(of) && first) connects(first.text, range, runtime);
    return thing(of, ...values);
  }
  if (CALM.test(of))
    return method === 'readline'
      ? unknown()
      : /^(write|writeline|clear|beep|sleep)$/.test(method)
        ? EMPTY
        : madeOfValues([...values, text(FILLER)]);
  effect('unresolved', 'watch', `uses ${readable(type, 40)}::${readable(name, 30)}, which Holdpoint does not know`, range);
  return madeOfValues(values);
}

function split(word: Word): Word[] {
  return word.text
    .split(/\s+/)
    .filter(Boolean)
    .map((part) => ({ ...word, text: part }));
}

function pathMethod(method: string, values: readonly Value[]): Value {
  const parts = values.flatMap(itemsOf).map(textOfValue);
  if (/^(combine|join)$/.test(method))
    return text(
      parts.reduce((path, part) => (/^([\\/~]|[A-Za-z]:)/.test(part) || path === '' ? part : `${path.replace(/[\\/]$/, '')}/${part}`), ''),
    );
  if (method === 'gettemppath') return text('/tmp/');
  if (/^(gettempfilename|getrandomfilename)$/.test(method)) return text(method === 'gettempfilename' ? `/tmp/${FILLER}` : FILLER);
  if (/^(getfullpath|changeextension)$/.test(method)) return text(parts[0] ?? '');
  if (method === 'getdirectoryname') return text((parts[0] ?? '').replace(/[\\/][^\\/]*$/, ''));
  if (/^getfilename/.test(method)) return text((parts[0] ?? '').replace(/^.*[\\/]/s, ''));
  return text(FILLER);
}

function converted(method: string, [first = EMPTY, second]: readonly Value[]): Value {
  const given = textOfValue(first);
  if (method === 'frombase64string')
    return isOpen(given) || first.kind !== 'text' ? madeOfValues([first]) : { kind: 'bytes', bytes: Buffer.from(given, 'base64') };
  if (method === 'fromhexstring') return isOpen(given) ? madeOfValues([first]) : { kind: 'bytes', bytes: Buffer.from(given, 'hex') };
  if (method === 'tobase64string') return first.kind === 'bytes' ? text(first.bytes.toString('base64')) : madeOfValues([first]);
  if (method === 'tochar') return text(String.fromCharCode(numberOf(first) ?? 0));
  if (/^to(int|byte|uint)/.test(method)) {
    const base = second && numberOf(second);
    if (base !== undefined && /^(2|8|16)$/.test(String(base)) && !isOpen(given))
      return text(String(Number.parseInt(given.replace(/^0x/i, ''), base)));
    return numberOf(first) === undefined && given.length === 1 ? text(String(given.charCodeAt(0))) : first;
  }
  return madeOfValues([first]);
}

function environmentMethod(
  method: string,
  words: readonly Word[],
  values: readonly Value[],
  { state, machine }: Runtime,
  range: Word['range'],
): Value {
  const [name, value, scope] = words;
  switch (method) {
    case 'getenvironmentvariable':
      return name ? text(environmentVariable(name.text, state.shell, machine.gathering)) : unknown();
    case 'getenvironmentvariables':
      return unknown('environment');
    case 'expandenvironmentvariables':
      return text((name?.text ?? '').replace(/%([^%]+)%/g, (_, one: string) => environmentVariable(one, state.shell, machine.gathering)));
    case 'setenvironmentvariable':
      if (!name) return EMPTY;
      judgeVariable({ name: name.text, value: value?.text ?? '', range }, state.shell, machine);
      if (scope && !/^process$|^0$/i.test(scope.text)) judgeEnvironmentWrite(name.text, value?.text ?? '', range, machine);
      else state.shell.variables.set(name.text.toUpperCase(), [value?.text ?? '']);
      return EMPTY;
    case 'getfolderpath': {
      const home = machine.gathering.paths.home ?? '~';
      const folder = textOfValue(values[0] ?? EMPTY).toLowerCase();
      const below: Readonly<Record<string, string>> = {
        userprofile: '',
        desktop: '/Desktop',
        mydocuments: '/Documents',
        personal: '/Documents',
        applicationdata: '/AppData/Roaming',
        localapplicationdata: '/AppData/Local',
        startup: '/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup',
        mypictures: '/Pictures',
        mymusic: '/Music',
      };
      if (below[folder] !== undefined) return text(home + below[folder]);
      const machines: Readonly<Record<string, string>> = {
        system: 'C:\\Windows\\System32',
        windows: 'C:\\Windows',
        programfiles: 'C:\\Program Files',
        commonapplicationdata: 'C:\\ProgramData',
        commonstartup: 'C:\\ProgramData\\Microsoft\\Windows\\Start Menu\\Programs\\StartUp',
      };
      return text(machines[folder] ?? HOLE);
    }
    default:
      return method === 'exit' || method === 'failfast' ? EMPTY : listOf([text(FILLER)]);
  }
}
