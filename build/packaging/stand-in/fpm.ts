/** As much of fpm's command line as electron-builder uses for deb and rpm: https://fpm.readthedocs.io/en/latest/cli-reference.html */

import { wordsOf } from '../../commands.ts';
import { packDeb } from './deb.ts';
import { readOptions } from './options.ts';
import { packRpm } from './rpm.ts';

try {
  const options = readOptions(process.argv.slice(2));
  if (options.type === 'deb') await packDeb(options);
  else await packRpm(options);
} catch (error) {
  console.error(wordsOf(error));
  process.exitCode = 1;
}
