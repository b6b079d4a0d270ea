/** COM objects that scripts are written with: shells, file systems, browsers, the task scheduler. */

import type { Range, Word } from '../gathering.ts';
import { readable } from '../holes.ts';
import { copyFiles, deleteFiles, fetchAddress, readFiles, sendTo, writeFiles } from '../windows/actions.ts';
import { taken } from '../windows/command-line.ts';
import { judgeRegistry } from '../windows/registry.ts';
import type { Runtime } from './runtime.ts';
import { EMPTY, text, textOfValue, thing, unknown, type Value } from './values.ts';

/** `New-Object -ComObject NAME`: its type is `com:name`, and behind it what has been asked of it. */
export function callCom(of: Value & { kind: 'thing' }, key: string, words: readonly Word[], range: Range, runtime: Runtime): Value {
  const { machine, state } = runtime;
  const given = { machine, state: state.shell, range };
  const name = of.type.slice('com:'.length);
  const [first, second, , fourth] = words;
  const effect = machine.gathering.effect;
  if (
    /^(run|exec|shellexecute|executeshellcommand|create|open)$/.test(key) &&
    /^(wscript\.shell|shell\.application|mmc20|shell|outlook|excel|word)/.test(name) &&
    first
  ) {
    if (/^runas$/i.test(fourth?.text ?? '')) effect('privilege', 'risk', `runs as administrator (${readable(first.raw, 40)})`, range);
    return runtime.words(
      key === 'shellexecute' || key === 'executeshellcommand' ? [first, ...[second].filter((one) => one !== undefined)] : taken(first),
      EMPTY,
      range,
    );
  }
  if (/^(regwrite|regdelete|regread)$/.test(key) && first) {
    const at = first.text.lastIndexOf('\\');
    judgeRegistry(
      {
        key: first.text.slice(0, at),
        name: first.text.slice(at + 1),
        value: second?.text,
        verb: key === 'regread' ? 'read' : key === 'regwrite' ? 'write' : 'delete',
        range,
      },
      machine,
    );
    return unknown();
  }
  if (key === 'createshortcut' && first) {
    writeFiles([first], { kind: 'unknown' }, given);
    return thing('com:shortcut', text(first.text));
  }
  if (key === 'specialfolders' && first) {
    const home = machine.gathering.paths.home ?? '~';
    return text(
      /startup/i.test(first.text) ? `${home}/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup` : `${home}/${first.text}`,
    );
  }
  if (/^scripting\.filesystemobject/.test(name) && first) {
    if (/^delete/.test(key)) deleteFiles([first], given, key === 'deletefolder' ? 'whole' : undefined);
    else if (/^(copy|move)/.test(key)) copyFiles([first], second, given, key.startsWith('copy') ? 'copy' : 'move');
    else if (/^create/.test(key)) writeFiles([first], { kind: 'unknown' }, given);
    else if (/^(opentextfile|getfile|getfolder)$/.test(key)) return readFiles([first], given);
    return unknown();
  }
  if (/xmlhttp|winhttp/.test(name)) {
    if (key === 'open' && second) {
      fetchAddress(second, given);
      if (!/^(get|head)$/i.test(first?.text ?? '')) sendTo(second.text, undefined, second.raw, given);
      return thing(of.type, text(second.text));
    }
    if (key === 'send' && first && first.text !== '') sendTo(undefined, undefined, first.raw, given);
    return { kind: 'download', from: of.of.map(textOfValue).join(' ') || 'something' };
  }
  if (/^internetexplorer|^shell\.explorer/.test(name) && /^navigate/.test(key) && first) return fetchAddress(first, given);
  if (/^adodb\.stream/.test(name) && key === 'savetofile' && first) {
    writeFiles([first], { kind: 'download', from: 'something' }, given);
    return EMPTY;
  }
  if (/^schedule\.service/.test(name) && /^(registertask|registertaskdefinition)$/.test(key)) {
    effect('persistence', 'risk', 'registers a task that runs by itself', range);
    effect('write-outside', 'risk', 'registers a task that runs by itself', range);
    return unknown();
  }
  if (/sendkeys/.test(key)) effect('unresolved', 'watch', 'types in other programs’ windows', range);
  if (
    /^(sapi|shell\.application|wscript\.network|wscript\.shell)/.test(name) &&
    /^(speak|windows|popup|namespace|minimizeall|undominimizeall|items|expandenvironmentstrings|appactivate|save)$/.test(key)
  )
    return unknown();
  if (key === 'save' && name === 'shortcut') return EMPTY;
  if (!/sendkeys/.test(key)) effect('unresolved', 'watch', `asks ${readable(name, 40)} for what can’t be told before it runs`, range);
  return unknown();
}
