/** The programs whose meaning does not fit a table row, by the name that their rows give. */

import type { Special } from '../programs/program.ts';
import { ARCHIVERS } from './archives.ts';
import { BUILTINS } from './builtins.ts';
import { DATABASES } from './databases.ts';
import { DEBUGGERS } from './debuggers.ts';
import { DECODERS } from './decoders.ts';
import { DOWNLOADERS } from './downloads.ts';
import { EDITORS } from './editors.ts';
import { FILE_TOOLS } from './file-tools.ts';
import { GIT_VERBS } from './git-verbs.ts';
import type { Handler } from './machine.ts';
import { MAKE } from './make.ts';
import { MOUNTS } from './mounts.ts';
import { NETWORK_TOOLS } from './network-tools.ts';
import { CODE_RUNNERS } from './runners.ts';
import { SERVICE_TOOLS } from './services.ts';
import { STREAMS } from './streams.ts';
import { WRAPPING } from './wrapping.ts';

/** Another shell's own programs, read as that shell does. */
const windows: Handler = ({ name, words, state, stdin, range, machine }) =>
  machine.others.program([{ text: name, raw: name, range }, ...words], { state, stdin, range, machine });

export const SPECIAL: Readonly<Record<Special, Handler>> = {
  windows,
  ...ARCHIVERS,
  ...BUILTINS,
  ...CODE_RUNNERS,
  ...DATABASES,
  ...DEBUGGERS,
  ...DECODERS,
  ...DOWNLOADERS,
  ...EDITORS,
  ...FILE_TOOLS,
  ...GIT_VERBS,
  ...MAKE,
  ...MOUNTS,
  ...NETWORK_TOOLS,
  ...SERVICE_TOOLS,
  ...STREAMS,
  ...WRAPPING,
};
