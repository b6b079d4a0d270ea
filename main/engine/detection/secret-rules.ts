/** All credentials that are known by their first characters. A scan tries them in this order where one of their prefixes stands. */

import { CLOUD_RULES } from './rules/clouds.ts';
import { CODE_RULES } from './rules/code.ts';
import { DEVICE_RULES } from './rules/devices.ts';
import { HEADER_RULES } from './rules/headers.ts';
import { MESSAGE_RULES } from './rules/messages.ts';
import { MODEL_RULES } from './rules/models.ts';
import { isAlive, type SecretRule } from './rules/rule.ts';
import { TOOL_RULES } from './rules/tools.ts';

export type { SecretRule } from './rules/rule.ts';

export const SECRET_RULES: readonly SecretRule[] = [
  ...MODEL_RULES,
  ...CODE_RULES,
  ...CLOUD_RULES,
  ...MESSAGE_RULES,
  ...TOOL_RULES,
  ...HEADER_RULES,
  ...DEVICE_RULES,
];

/** Whether a value of a rule counts as a finding: its check holds and it is no example. */
export function isLive(rule: SecretRule, value: string): boolean {
  return isAlive(rule, value);
}
