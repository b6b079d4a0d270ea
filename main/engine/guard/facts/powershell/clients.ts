/** Web clients and sockets of .NET: what they fetch, and what they send. */

import type { Range, Word } from '../gathering.ts';
import { isOpen, readable } from '../holes.ts';
import { hostOf, isHere } from '../hosts.ts';
import { fetchAddress, readFiles, sendTo, writeFiles } from '../windows/actions.ts';
import type { Runtime } from './runtime.ts';
import { EMPTY, holdingOfValue, madeOfValues, textOfValue, thing, unknown, type Value } from './values.ts';

export function isClient(type: string): boolean {
  return /(^|\.)(webclient|httpclient|httpwebrequest|webrequest|ftpwebrequest|tcpclient|udpclient|socket|smtpclient|clientwebsocket|networkstream|sslstream|streamwriter|httprequestmessage|ping)$/.test(
    type,
  );
}

/** Undefined for what such a client only keeps to itself. */
export function callClient(
  of: Value & { kind: 'thing' },
  key: string,
  words: readonly Word[],
  values: readonly Value[],
  range: Range,
  runtime: Runtime,
): Value | undefined {
  const { machine, state } = runtime;
  const given = { machine, state: state.shell, range };
  const [address, second, third] = words;
  const host = textOfValue(of.of[0] ?? EMPTY);
  if (/(webclient|httpclient)$/.test(of.type) && address) {
    if (/^(downloadstring|downloaddata|openread|get\w*|downloadstringtaskasync|downloaddatataskasync)(async)?$/.test(key))
      return fetchAddress(address, given);
    if (/^downloadfile/.test(key) && second) {
      writeFiles([second], fetchAddress(address, given), given);
      return EMPTY;
    }
    if (/^uploadfile/.test(key)) {
      const file = words.at(-1)!;
      fetchAddress(address, given);
      const flow = readFiles([file], given);
      sendTo(address.text, 'holds' in flow ? flow.holds : undefined, file.raw, given);
      return { kind: 'download', from: readable(address.text) };
    }
    if (/^(upload|post|put|send|patch|delete|openwrite)/.test(key)) {
      if (!/^send/.test(key)) fetchAddress(address, given);
      sendTo(
        isOpen(address.text) || !/^send/.test(key) ? address.text : undefined,
        holdingOfValue(madeOfValues(values.slice(1).length > 0 ? values.slice(1) : values)),
        (third ?? second ?? address).raw,
        given,
      );
      return { kind: 'download', from: readable(address.text) };
    }
    return undefined;
  }
  if (/webrequest$/.test(of.type)) {
    if (key === 'create' && address) return thing(of.type, values[0] ?? EMPTY);
    if (/^getresponse/.test(key)) return fetchAddress({ text: host, raw: readable(host), range }, given);
    if (/^getrequeststream/.test(key)) sendTo(host, undefined, host, given);
    return undefined;
  }
  if (/smtpclient$/.test(of.type)) {
    if (/^send/.test(key)) machine.gathering.effect('network', 'watch', `sends mail${host ? ` over ${readable(host)}` : ''}`, range);
    return unknown();
  }
  if (/ping$/.test(of.type)) return unknown();
  if (/(tcpclient|udpclient|socket|websocket)$/.test(of.type)) {
    if (/^connect/.test(key) && address) connects(address.text, range, runtime);
    if (/^send/.test(key))
      sendTo(address && host === '' ? undefined : host, holdingOfValue(madeOfValues(values)), words[0]?.raw ?? '', given);
    if (/^(receive|getstream|connect)/.test(key)) return { kind: 'thing', type: 'networkstream', of: of.of };
    return undefined;
  }
  if (/(stream|streamwriter)$/.test(of.type)) {
    const buffer = /^\$(\w+)$/.exec(words[0]?.raw ?? '')?.[1];
    // What comes in is put into the buffer that it is given.
    if (/^read/.test(key) && buffer)
      runtime.state.variables.set(buffer.toLowerCase(), { kind: 'download', from: `what ${readable(host) || 'another machine'} sends` });
    if (/^read/.test(key)) return { kind: 'download', from: `what ${readable(host) || 'another machine'} sends` };
    const holds = holdingOfValue(madeOfValues(values));
    if (/^write/.test(key) && holds && of.type !== 'io.streamwriter') sendTo(host, holds, words[0]?.raw ?? '', given);
    return undefined;
  }
  return undefined;
}

/** A connection of its own, past every proxy. */
export function connects(host: string, range: Range, { machine }: Runtime): void {
  const name = hostOf(host) ?? host.toLowerCase();
  if (isOpen(host)) machine.gathering.effect('network', 'watch', 'opens a raw connection to another machine', range);
  else {
    machine.gathering.host(readable(name));
    machine.gathering.effect('network', isHere(name) ? 'plain' : 'risk', `opens a raw connection to ${readable(host)}`, range);
  }
  machine.disk.sources.push(`what ${readable(host)} sends`);
}
