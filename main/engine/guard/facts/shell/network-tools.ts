/** curl, wget and netcat: what they fetch, where it goes, and what they send. */

import { HOLE, isOpen, readable } from '../holes.ts';
import type { Special } from '../programs/program.ts';
import { type Handler, NOTHING, UNKNOWN } from './machine.ts';
import { hasOption, valuesOf } from './options.ts';

type NetworkTool = Extract<Special, 'download' | 'netcat'>;

export const NETWORK_TOOLS: Readonly<Record<NetworkTool, Handler>> = {
  download({ name, options, operands, machine, state, range }) {
    const { gathering, disk } = machine;
    for (const { text, range: where, raw } of valuesOf(
      options,
      '-d --data --data-binary --data-urlencode --json -F --form -T --upload-file --post-file --body-file',
    )) {
      const path =
        /(?:^|=)[@<]([^;]+)/.exec(text)?.[1] ??
        (options.some(({ name: one, value }) => /^(-T|--upload-file|--(post|body)-file)$/.test(one) && value?.text === text)
          ? text
          : undefined);
      if (path !== undefined && path !== '-') gathering.reads({ text: path, range: where, raw }, state.cwd);
    }
    // A header, a login or a cookie that is put together from something else takes that along.
    for (const word of valuesOf(options, '-H --header -u --user -b --cookie -A --user-agent -e --referer')) {
      if (isOpen(word.text))
        gathering.effect('network', 'watch', `sends along what can’t be told before it runs: ${readable(word.raw)}`, word.range);
    }
    for (const word of valuesOf(options, '-x --proxy --preproxy --socks5 --noproxy')) {
      if (/^(localhost|127\.0\.0\.1)?$/.test(word.text)) continue;
      gathering.effect('unresolved', 'risk', `goes out by another way than Holdpoint’s (${readable(word.text)})`, word.range);
    }
    const urls = operands.filter(({ text }) => text !== '');
    const from = urls[0] ? readable(isOpen(urls[0].text) ? urls[0].raw : urls[0].text) : 'something';
    const flow = { kind: 'download', from } as const;
    const outputs = valuesOf(options, name === 'wget' ? '-O --output-document' : '-o --output --out');
    const named = name === 'curl' ? hasOption(options, '-O --remote-name --remote-name-all') : outputs.length === 0;
    if (named && !hasOption(options, '--spider')) {
      const folder = valuesOf(options, '-P --directory-prefix --output-dir -d --dir').at(-1)?.text;
      for (const url of urls) {
        const file = isOpen(url.text)
          ? HOLE
          : url.text
              .replace(/[?#].*$/, '')
              .replace(/^[a-z]+:\/\//i, '')
              .split('/')
              .slice(1)
              .pop() || 'index.html';
        const place = gathering.writes({ ...url, text: folder === undefined ? file : `${folder}/${file}` }, state.cwd);
        disk.files.set(place.path, flow);
      }
      return NOTHING;
    }
    const files = outputs.filter(({ text }) => text !== '-');
    for (const output of files) {
      const path = gathering.paths.absolute(output.text, state.cwd);
      if (path !== undefined) disk.files.set(path, flow);
    }
    if (urls.length === 0) gathering.effect('network', 'watch', `talks to another machine (${name})`, range);
    return files.length > 0 ? NOTHING : flow;
  },

  netcat({ options, operands, state, machine, range }) {
    const { gathering, disk } = machine;
    const host = operands.find(({ text }) => text !== '-' && !/^(stdio|exec|system|file|pty)\b/i.test(text)) ?? operands[0];
    if (host && hasOption(options, '-U')) machine.gathering.reads(host, state.cwd);
    const shown = host ? readable(host.text) : 'another machine';
    if (hasOption(options, '-e --exec -c --sh-exec') || operands.some(({ text }) => /\b(exec|system):/i.test(text))) {
      gathering.effect('download-execute', 'risk', `lets ${shown} run commands here`, range);
    }
    if (hasOption(options, '-l --listen') || operands.some(({ text }) => /listen/i.test(text))) {
      gathering.effect('network', 'watch', 'waits for a connection from another machine', range);
      return UNKNOWN;
    }
    if (host && !isOpen(host.text))
      gathering.host(
        host.text
          .replace(/^[\w-]+:/, '')
          .replace(/:.*$/, '')
          .toLowerCase(),
      );
    gathering.effect('network', hasOption(options, '-z') ? 'plain' : 'watch', `opens a raw connection to ${shown}`, range);
    disk.sources.push(`what ${shown} sends`);
    return { kind: 'download', from: disk.sources.at(-1)! };
  },
};
