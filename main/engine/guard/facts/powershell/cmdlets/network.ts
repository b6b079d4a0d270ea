/** Cmdlets that talk to other machines. */

import type { Word } from '../../gathering.ts';
import { gravest, type Holding, holdingIn, isOpen, readable } from '../../holes.ts';
import { hostOf, isHere, PROVIDERS } from '../../hosts.ts';
import { holdingOf } from '../../shell/machine.ts';
import { downloadName, fetchAddress, readFiles, sendTo, writeFiles } from '../../windows/actions.ts';
import { EMPTY, holdingOfValue, itemsOf, textOfValue, unknown } from '../values.ts';
import { type Cmdlet, type CmdletCall, rows } from './cmdlet.ts';

export const NETWORK: Readonly<Record<string, Cmdlet>> = {
  ...rows('Invoke-WebRequest Invoke-RestMethod', {
    positional: 'Uri',
    named:
      'Method Body Headers OutFile InFile ContentType Form UserAgent WebSession SessionVariable Credential Proxy ProxyCredential TimeoutSec MaximumRedirection CustomMethod TransferEncoding Certificate CertificateThumbprint Token Authentication MaximumRetryCount RetryIntervalSec HttpVersion SslProtocol StatusCodeVariable ResponseHeadersVariable MaximumFollowRelLink ConnectionTimeoutSeconds OperationTimeoutSeconds',
    switches:
      'UseBasicParsing UseDefaultCredentials DisableKeepAlive NoProxy SkipCertificateCheck PassThru AllowUnencryptedAuthentication Resume SkipHeaderValidation FollowRelLink PreserveAuthorizationOnRedirect SkipHttpErrorCheck ProxyUseDefaultCredentials AllowInsecureRedirect',
    run(call) {
      const address = addressOf(call);
      if (!address) return unknown();
      const flow = fetchAddress(address, call);
      judgeWay(call, address);
      judgeBody(call, address);
      const files = call.words('OutFile');
      if (files.length === 0) return flow;
      writeFiles(files, flow, call);
      return call.has('PassThru') ? flow : EMPTY;
    },
  }),
  'start-bitstransfer': {
    positional: 'Source Destination',
    named: 'TransferType DisplayName Priority Credential Description ProxyUsage ProxyList CustomHeaders',
    switches: 'Asynchronous Suspended',
    run(call) {
      const [source, target] = [call.word('Source'), call.word('Destination')];
      const uploads = /^upload/i.test(call.word('TransferType')?.text ?? '');
      if (!source) return EMPTY;
      if (uploads && target) {
        const flow = readFiles([source], call);
        fetchAddress(target, call);
        sendTo(target.text, holdingOf(flow), source.raw, call);
        return EMPTY;
      }
      const flow = fetchAddress(source, call);
      writeFiles([target ?? { ...source, text: downloadName(source.text) }], flow, call);
      return EMPTY;
    },
  },
  'send-mailmessage': {
    positional: 'To Subject Body SmtpServer',
    named: 'From Attachments Cc Bcc Credential Port Priority Encoding DeliveryNotificationOption ReplyTo',
    switches: 'UseSsl BodyAsHtml',
    run(call) {
      const flow = readFiles(call.words('Attachments'), call);
      const server = call.word('SmtpServer');
      if (server) call.machine.gathering.host(server.text.toLowerCase());
      const holds = gravest(holdingOf(flow), ...['Body', 'Subject'].map((name) => holdingOfValue(call.value(name) ?? EMPTY)));
      call.say({ effect: 'network', risk: 'watch', says: 'sends mail ({command})' });
      if (call.has('Attachments')) call.say({ effect: 'exfiltrate', risk: 'watch', says: 'sends files by mail ({command})' });
      sendTo(server?.text, holds, call.word('Attachments')?.raw ?? 'its text', call);
      return EMPTY;
    },
  },
  ...rows('Resolve-DnsName', {
    positional: 'Name Type',
    named: 'Server',
    run(call) {
      for (const word of call.words('Name')) {
        const holds = holdingIn(word.text);
        if (holds && holds !== 'variable') {
          sendTo(undefined, holds, word.raw, { ...call, range: word.range });
          // A name is not where anybody keeps data: to put it there is to smuggle it.
          if (holds === 'workspace')
            call.say(
              { effect: 'exfiltrate', risk: 'watch', says: `puts data into a name that is looked up (${readable(word.raw, 40)})` },
              word.range,
            );
        } else
          call.say(
            {
              effect: 'network',
              risk: isOpen(word.text) ? 'watch' : 'plain',
              says: `asks about ${readable(isOpen(word.text) ? word.raw : word.text)}`,
            },
            word.range,
          );
      }
      return unknown();
    },
  }),
  ...rows('Enter-PSSession New-PSSession Connect-PSSession New-CimSession', {
    positional: 'ComputerName',
    named: 'HostName UserName Credential Session Port KeyFilePath ConfigurationName VMName ContainerId Authentication Name',
    effects: [{ effect: 'network', risk: 'watch', says: 'logs in to another machine ({command})' }],
    gives: 'unknown',
  }),
  ...rows('Receive-PSSession', { positional: 'Session', gives: 'unknown' }),
  ...rows('New-SmbMapping', {
    positional: 'LocalPath RemotePath',
    effects: [{ effect: 'network', risk: 'watch', says: 'connects a folder of another machine ({command})' }],
  }),
  ...rows('Publish-Module Publish-Script Publish-PSResource', {
    positional: 'Name',
    named: 'Path NuGetApiKey ApiKey Repository RequiredVersion Tags',
    effects: [
      { effect: 'publish', risk: 'risk', says: 'publishes {1}, which cannot be taken back' },
      { effect: 'network', risk: 'watch', says: 'publishes {1}, which cannot be taken back' },
    ],
  }),
};

/** The address as a word: `-Uri`, or what comes down the pipeline. */
function addressOf(call: CmdletCall): Word | undefined {
  const own = call.word('Uri');
  if (own) return own;
  const [item] = itemsOf(call.input);
  return item ? { text: textOfValue(item), range: call.range, raw: readable(textOfValue(item)) } : undefined;
}

function judgeWay(call: CmdletCall, address: Word): void {
  const host = hostOf(address.text) ?? '';
  const proxy = call.word('Proxy');
  if (proxy && !isHere(hostOf(proxy.text) ?? ''))
    call.say(
      { effect: 'disable-guard', risk: 'risk', says: `goes out by another way than Holdpoint’s (${readable(proxy.text, 40)})` },
      proxy.range,
    );
  if (call.has('NoProxy') && !isHere(host)) {
    const provider = PROVIDERS.test(host);
    call.say({ effect: provider ? 'disable-guard' : 'unresolved', risk: 'risk', says: 'goes out past Holdpoint’s proxy' });
    if (provider) call.say({ effect: 'unresolved', risk: 'risk', says: 'goes out past Holdpoint’s proxy' });
  }
  if (call.has('UseDefaultCredentials') && !isHere(host))
    call.say({ effect: 'network', risk: 'watch', says: 'logs in as this user ({command})' });
}

function judgeBody(call: CmdletCall, address: Word): void {
  const { gathering } = call.machine;
  const method = (call.word('Method') ?? call.word('CustomMethod'))?.text ?? '';
  const host = hostOf(address.text) ?? hostOf(`http://${address.text}`);
  for (const name of ['Body', 'Form']) {
    const value = call.value(name);
    if (!value) continue;
    const files = filesIn(call, name);
    const holds = gravest(holdingOfValue(value), ...files);
    sendTo(address.text, holds, call.given(name)[0]?.raw ?? '', call);
  }
  for (const file of call.words('InFile')) {
    const flow = readFiles([file], call);
    sendTo(address.text, holdingOf(flow), file.raw, call);
  }
  for (const name of ['Headers', 'UserAgent', 'ContentType', 'Token', 'Credential']) {
    const value = call.value(name);
    const holds: Holding | undefined = value && holdingOfValue(value);
    if (holds && /^(secret|environment|private)$/.test(holds)) sendTo(address.text, holds, call.given(name)[0]?.raw ?? '', call);
    else if (holds === 'key' && name === 'Headers' && host && !isHere(host))
      gathering.effect('network', 'plain', `logs in to ${readable(host)}`, call.range);
  }
  const changes = method !== '' && !/^(get|head|options|default|trace)$/i.test(method);
  if (changes && !(host && isHere(host)) && !call.has('Body') && !call.has('InFile') && !call.has('Form'))
    gathering.effect('network', 'watch', `asks ${host ? readable(host) : 'another machine'} to change something`, call.range);
}

/** `-Form @{ file = Get-Item a.txt }`: the file itself goes. */
function filesIn(call: CmdletCall, name: string): (Holding | undefined)[] {
  const value = call.value(name);
  if (value?.kind !== 'map') return [];
  return [...value.entries.values()].flatMap((entry) =>
    entry.kind === 'paths'
      ? entry.patterns.map((pattern) => holdingOf(readFiles([{ text: pattern, range: call.range, raw: pattern }], call)))
      : [],
  );
}
