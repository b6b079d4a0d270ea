/** The time that files of a package bear, after https://reproducible-builds.org/specs/source-date-epoch/ */

import { must } from '../commands.ts';
import { ROOT } from '../places.ts';

/** `SOURCE_DATE_EPOCH` in seconds, else when the clone's last commit was made. Throws where the variable holds anything else. */
export async function sourceDate(env: NodeJS.ProcessEnv = process.env): Promise<Date> {
  const given = env.SOURCE_DATE_EPOCH;
  if (given !== undefined && !/^\d{1,11}$/.test(given))
    throw new Error(
      `SOURCE_DATE_EPOCH is "${given}". Expected seconds since 1970, such as 1767225600; unset it for the last commit’s time.`,
    );
  const seconds = given ?? (await must('git', ['log', '-1', '--format=%ct'], { cwd: ROOT })).trim();
  return new Date(Number(seconds) * 1000);
}
