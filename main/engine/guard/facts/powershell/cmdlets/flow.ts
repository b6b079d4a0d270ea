/** Cmdlets that pass on or run script blocks: ForEach-Object, Where-Object, Invoke-Command. */

import { readable } from '../../holes.ts';
import { hostOf, isHere } from '../../hosts.ts';
import { holdingOfNames } from '../../windows/environment.ts';
import { EMPTY, itemsOf, listOf, madeOfValues, thing, unknown, type Value } from '../values.ts';
import { type Cmdlet, type CmdletCall, rows } from './cmdlet.ts';

const MOST_TURNS = 16;

export const FLOW: Readonly<Record<string, Cmdlet>> = {
  'foreach-object': {
    positional: 'Process MemberName',
    named: 'Begin End Parallel ThrottleLimit InputObject RemainingScripts ArgumentList TimeoutSeconds',
    switches: 'AsJob UseNewRunspace',
    rest: true,
    run(call) {
      const once = (name: string) => blocksOf(call, name).map((block) => call.runtime.call(block, undefined, []));
      const begun = once('Begin');
      const bodies = [...blocksOf(call, 'Process'), ...blocksOf(call, 'Parallel'), ...blocksOf(call, 'MemberName')];
      const items = itemsOf(call.has('InputObject') ? (call.value('InputObject') ?? call.input) : call.input);
      const turns =
        items.length > MOST_TURNS ? [...items.slice(0, MOST_TURNS), madeOfValues(items)] : items.length === 0 ? [unknown()] : items;
      const printed = turns.flatMap((item) => bodies.map((body) => call.runtime.call(body, item, [])));
      const ended = once('End');
      if (bodies.length > 0) return listOf([...begun, ...printed, ...ended]);
      return memberOf(call);
    },
  },
  'where-object': {
    positional: 'FilterScript Value0 Value1',
    named: 'Property Value InputObject',
    switches: 'EQ NE GT LT GE LE Like NotLike Match NotMatch Contains NotContains In NotIn Is IsNot Not CEQ CNE CLike CMatch',
    run(call) {
      for (const block of blocksOf(call, 'FilterScript')) call.runtime.call(block, call.input, []);
      // Variables that are looked for by name are not all of them.
      if (call.input.kind === 'unknown' && call.input.holds === 'environment') {
        const wanted = /-(?:i|c)?(?:like|match|eq|in|contains)\s+['"]?([\w*^$.-]+)/i.exec(call.raw)?.[1];
        if (wanted) return unknown(holdingOfNames(wanted));
      }
      return call.input;
    },
  },
  ...rows('Invoke-Command', {
    positional: 'ScriptBlock',
    named:
      'ComputerName Session HostName FilePath ArgumentList Credential UserName KeyFilePath VMName ContainerId ConnectionUri Port ConfigurationName JobName InputObject ThrottleLimit Authentication SSHConnection AsJob',
    switches: 'HideComputerName NoNewScope UseSSL InDisconnectedSession',
    run(call) {
      const host = call.word('ComputerName') ?? call.word('HostName') ?? call.word('VMName') ?? call.word('ConnectionUri');
      const elsewhere =
        (host && !isHere(host.text) && host.text !== '.') || call.has('Session') || call.has('ContainerId') || call.has('SSHConnection');
      if (host) call.machine.gathering.host(readable(hostOf(host.text) ?? host.text.toLowerCase()));
      if (elsewhere)
        call.say({ effect: 'network', risk: 'watch', says: `runs commands on ${host ? readable(host.text) : 'another machine'}` });
      const blocks = [...blocksOf(call, 'ScriptBlock'), ...blocksOf(call, 'ComputerName')];
      const printed = blocks.map((block) =>
        call.runtime.call(
          block,
          call.input,
          call.given('ArgumentList').flatMap(({ value }) => itemsOf(value)),
        ),
      );
      for (const file of call.words('FilePath')) call.runtime.words([file], EMPTY, call.range);
      const [block] = call.given('ScriptBlock');
      if (block && blocks.length === 0)
        call.say({ effect: 'unresolved', risk: 'watch', says: `runs what can’t be told before it runs: ${readable(block.raw)}` });
      return elsewhere ? { kind: 'download', from: host ? readable(host.text) : 'another machine' } : listOf(printed);
    },
  }),
  ...rows('Start-Job Start-ThreadJob', {
    positional: 'ScriptBlock',
    named: 'Name FilePath ArgumentList InitializationScript WorkingDirectory PSVersion Credential InputObject ThrottleLimit StreamingHost',
    switches: 'RunAs32',
    run(call) {
      for (const name of ['InitializationScript', 'ScriptBlock']) {
        for (const block of blocksOf(call, name))
          call.runtime.call(
            block,
            call.input,
            call.given('ArgumentList').flatMap(({ value }) => itemsOf(value)),
          );
      }
      for (const file of call.words('FilePath')) call.runtime.words([file], EMPTY, call.range);
      return unknown();
    },
  }),
  ...rows('Register-EngineEvent Register-ObjectEvent Register-CimIndicationEvent Register-WmiEvent Register-ArgumentCompleter', {
    named:
      'SourceIdentifier InputObject EventName Action MessageData SupportEvent ClassName Query CommandName ParameterName ScriptBlock Class',
    switches: 'Forward Native',
    run(call) {
      for (const name of ['Action', 'ScriptBlock']) for (const block of blocksOf(call, name)) call.runtime.call(block, undefined, []);
      return EMPTY;
    },
  }),
  'new-module': {
    positional: 'ScriptBlock',
    named: 'Name Function Cmdlet ArgumentList',
    switches: 'AsCustomObject ReturnResult',
    run(call) {
      for (const block of blocksOf(call, 'ScriptBlock')) call.runtime.call(block, undefined, []);
      return EMPTY;
    },
  },
};

function blocksOf(call: CmdletCall, name: string): Value[] {
  return call
    .given(name)
    .flatMap(({ value }) => itemsOf(value))
    .filter((value) => value.kind === 'block' || (value.kind === 'thing' && value.type === 'scriptblock'));
}

/** `% Name`, `% Delete`: a member of each. */
function memberOf(call: CmdletCall): Value {
  const name = call.word('Process') ?? call.word('MemberName');
  const { input } = call;
  if (!name) return input;
  if (/^(kill|delete|stop|remove)$/i.test(name.text)) {
    const cmdlet =
      input.kind === 'paths' ? 'Remove-Item' : input.kind === 'thing' && input.type === 'service' ? 'Stop-Service' : 'Stop-Process';
    return call.runtime.words([{ ...name, text: cmdlet }], input, call.range);
  }
  return input.kind === 'thing' && input.type !== 'process'
    ? thing(input.type, ...input.of)
    : input.kind === 'paths'
      ? input
      : madeOfValues([input]);
}
