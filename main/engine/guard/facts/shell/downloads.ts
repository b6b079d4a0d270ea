/** curl, wget and their like: what they fetch, where it goes, and what they send. */

import type { Word } from '../gathering.ts';
import { gravest, HOLE, holdingIn, isOpen, readable } from '../holes.ts';
import { hostOf, isHere, PROVIDERS } from '../hosts.ts';
import type { Special } from '../programs/program.ts';
import { judgeSending } from '../sending.ts';
import { isAtHome } from './hosts.ts';
import { fileFlow, type Handler, holdingOf, type Invocation, NOTHING } from './machine.ts';
import { findOption, hasOption, type Parsed, valuesOf } from './options.ts';

type Downloader = Extract<Special, 'download' | 'httpie'>;

const DATA =
  '-d --data --data-ascii --data-raw --data-binary --data-urlencode --json -F --form --form-string -T --upload-file --url-query --post-data --post-file --body-data --body-file';

export const DOWNLOADERS: Readonly<Record<Downloader, Handler>> = {
  download(invocation) {
    const { name, options, operands, machine, state, range } = invocation;
    const { gathering, disk } = machine;
    const urls = [...operands.filter(({ text }) => text !== ''), ...valuesOf(options, '--url')];
    const hosts = urls.map(({ text }) => hostOf(text));
    const host = hosts.find((one) => one !== undefined && !isHere(one)) ?? hosts[0];
    judgeData(invocation, host);
    judgeHeaders(options, host, invocation);
    judgeWay(invocation, hosts);
    const from = urls[0] ? readable(isOpen(urls[0].text) ? urls[0].raw : urls[0].text) : 'something';
    const flow = { kind: 'download', from } as const;
    const outputs = valuesOf(options, name === 'wget' ? '-O --output-document' : '-o --output --out');
    const named = name === 'curl' ? hasOption(options, '-O --remote-name --remote-name-all') : outputs.length === 0;
    // Their names are not told here: the folder that they go to is theirs.
    if (
      hasOption(
        options,
        name === 'wget' ? '-i --input-file -r --recursive -m --mirror' : '-K --config -J --remote-header-name -i --input-file',
      )
    ) {
      const folder = valuesOf(options, '-P --directory-prefix --output-dir -d --dir').at(-1)?.text ?? '.';
      const path = gathering.paths.absolute(folder, state.cwd);
      if (path !== undefined) disk.fetched.set(path, from);
    }
    if (named && !hasOption(options, '--spider')) {
      const folder = valuesOf(options, '-P --directory-prefix --output-dir -d --dir').at(-1)?.text;
      for (const url of urls) {
        const file = fileNameOf(url.text);
        const place = gathering.writes({ ...url, text: folder === undefined || name === 'curl' ? file : `${folder}/${file}` }, state.cwd);
        disk.files.set(place.path, flow);
      }
      return NOTHING;
    }
    const files = outputs.filter(({ text }) => text !== '-' && text !== '/dev/stdout');
    for (const output of files) {
      const path = gathering.paths.absolute(output.text, state.cwd);
      if (path !== undefined) disk.files.set(path, flow);
    }
    if (urls.length === 0) gathering.effect('network', 'watch', `talks to another machine (${name})`, range);
    return files.length > 0 ? NOTHING : flow;
  },

  /** `http [METHOD] URL [ITEM …]`: items with `=`, `:=` or `@` are what is sent. */
  httpie({ operands, options, stdin, machine, state, range, name }) {
    const { gathering } = machine;
    const [first, ...others] = operands;
    const method = first && /^[A-Z]+$/.test(first.text) ? first.text : undefined;
    const [url, ...items] = method ? others : operands;
    if (!url) return undefined;
    // `:3000/x` is this computer.
    const host = /^:\d/.test(url.text) ? 'localhost' : hostOf(url.text);
    if (host) gathering.host(host);
    for (const item of items) {
      const file = /(?:=@|:=@|@)(.+)$/.exec(item.text)?.[1];
      const sends = file !== undefined || /^[^:=]+:?=(?!=)/.test(item.text);
      if (!sends) continue;
      if (file) gathering.reads({ ...item, text: file }, state.cwd);
      const holds = file ? holdingOf(fileFlow(file, state, machine)) : holdingIn(item.text);
      judgeSending({ holds, host, range: item.range }, gathering);
    }
    const piped = holdingOf(stdin);
    if (stdin.kind !== 'nothing' && !hasOption(options, '--ignore-stdin -I') && (piped || stdin.kind === 'text'))
      judgeSending({ holds: piped, host, range }, gathering);
    if (method && !/^(GET|HEAD|OPTIONS)$/.test(method) && !(host && isHere(host)))
      gathering.effect('network', 'watch', `asks ${host ?? 'another machine'} to change something`, range);
    gathering.effect('network', 'plain', `talks to ${host ?? `another machine (${name})`}`, range);
    return { kind: 'download', from: readable(url.text) };
  },
};

function judgeData({ options, stdin, machine, state, range }: Invocation, host: string | undefined): void {
  const { gathering } = machine;
  for (const { name, value, word } of options) {
    if (!value || !DATA.split(' ').includes(name)) continue;
    // wget's -T and -F are something else.
    const isFile = /^(-T|--upload-file|--(post|body)-file)$/.test(name);
    const verbatim = /^(--data-raw|--form-string|--post-data|--body-data|--url-query)$/.test(name);
    const path = isFile ? value.text : verbatim ? undefined : /(?:^|=)[@<]([^;]+)/.exec(value.text)?.[1];
    const from = { start: Math.min(word.range.start, value.range.start), end: value.range.end };
    if (path === undefined) {
      const holds = holdingIn(value.text);
      // `--get` puts them into the address of a plain question.
      if (holds === undefined && !isOpen(value.text) && hasOption(options, '-G --get')) continue;
      judgeSending({ holds: holds === 'key' && isAtHome(value.raw, host) ? undefined : holds, host, range: from }, gathering);
    } else if (path === '-' || (path === '.' && isFile) || path === '/dev/stdin') {
      judgeSending({ holds: holdingOf(stdin), host, range }, gathering);
    } else {
      gathering.reads({ text: path, range: value.range, raw: value.raw }, state.cwd);
      const holds = gravest(...path.split(',').map((one) => holdingOf(fileFlow(one, state, machine))));
      judgeSending({ holds, host, what: holds === 'workspace' ? undefined : readable(path, 40), range: from }, gathering);
    }
  }
}

/** A header, a login or a cookie that is put together from something else takes that along. */
function judgeHeaders(options: Parsed['options'], host: string | undefined, { machine: { gathering } }: Invocation): void {
  for (const word of valuesOf(options, '-H --header --proxy-header -u --user -b --cookie -A --user-agent -e --referer --oauth2-bearer')) {
    const holds = holdingIn(word.text);
    if (!isOpen(word.text) || (host && isHere(host)) || (/^(key|variable)$/.test(holds ?? '') && isAtHome(word.raw, host))) continue;
    if (holds && /^(secret|environment|private)$/.test(holds)) judgeSending({ holds, host, range: word.range }, gathering);
    else if (word.text.includes(HOLE) || holds !== 'variable')
      gathering.effect('network', 'watch', `sends along what can’t be told before it runs: ${readable(word.raw)}`, word.range);
  }
}

/** Options that lead past the proxy which Holdpoint is. */
function judgeWay({ options, words, machine: { gathering }, name, range }: Invocation, hosts: readonly (string | undefined)[]): void {
  if (hosts.length > 0 && hosts.every((host) => host !== undefined && isHere(host))) return;
  const past = (word: Word) =>
    gathering.effect('disable-guard', 'risk', `goes out by another way than Holdpoint’s (${readable(word.raw, 60)})`, word.range);
  for (const word of valuesOf(options, '-x --proxy --preproxy --socks4 --socks4a --socks5 --socks5-hostname --noproxy --proxy1.0')) {
    if (!/^(\w+:\/\/)?(localhost|127\.0\.0\.1|\[::1\])([:/]|$)|^$/.test(word.text) || word.text === '') past(word);
  }
  const direct = name === 'wget' ? words.find(({ text }) => /^--no-proxy$|use_proxy\s*=\s*(no|off|0)/.test(text)) : undefined;
  if (direct) past(direct);
  const bypassed = findOption(options, '--resolve --connect-to')?.value;
  if (bypassed && PROVIDERS.test(bypassed.text)) past(bypassed);
  const provider = hosts.find((host) => host !== undefined && PROVIDERS.test(host));
  if (provider && hasOption(options, name === 'wget' ? '--no-check-certificate' : '-k --insecure'))
    gathering.effect('network', 'watch', `talks to ${provider} without asking who answers`, range);
}

function fileNameOf(url: string): string {
  if (isOpen(url)) return HOLE;
  const path = url.replace(/[?#].*$/, '').replace(/^[a-z]+:\/\//i, '');
  return path.split('/').slice(1).pop() || 'index.html';
}
