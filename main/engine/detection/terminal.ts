/** Control sequences of terminals (ECMA-48): taken away, with what they hide. */
// biome-ignore-all lint/suspicious/noControlCharactersInRegex: they are what is looked for

export interface Sequence {
  readonly end: number;
  /** A title or a link's address, which is not on the screen. */
  readonly says: string;
  /** `hides` what follows, `shows` it again, `erases` what stood on the line. */
  readonly does: 'hides' | 'shows' | 'erases' | 'nothing';
}

const CONTROL = /\u001b\[([0-9;:<=>?]{0,40})[ -/]{0,4}([@-~])/y;
const COMMAND = /\u001b\](\d{1,4});([^\u0007\u001b]{0,4096})(?:\u0007|\u001b\\)/y;
const OTHER = /\u001b[ -/]{0,4}[0-~]/y;

/** The sequence that the escape at `at` starts. */
export function sequenceAt(text: string, at: number): Sequence {
  CONTROL.lastIndex = at;
  const control = CONTROL.exec(text);
  if (control) return { end: at + control[0].length, says: '', does: effect(control[1]!, control[2]!) };
  COMMAND.lastIndex = at;
  const command = COMMAND.exec(text);
  if (command) return { end: at + command[0].length, says: ` ${command[2]!.replace(/^;/, '')} `, does: 'nothing' };
  OTHER.lastIndex = at;
  const other = OTHER.exec(text)?.[0];
  return { end: at + (other?.length ?? 1), says: '', does: 'nothing' };
}

function effect(parameters: string, final: string): Sequence['does'] {
  if (final === 'K' || final === 'G') return 'erases';
  if (final !== 'm') return 'nothing';
  const codes = parameters.split(/[;:]/).map(Number);
  if (codes.includes(8) && codes[0] !== 38 && codes[0] !== 48) return 'hides';
  const front = codes.find((code) => (code >= 30 && code <= 37) || (code >= 90 && code <= 97));
  const back = codes.find((code) => (code >= 40 && code <= 47) || (code >= 100 && code <= 107));
  if (front !== undefined && front + 10 === back) return 'hides';
  return codes.some((code) => code === 0 || code === 28 || code === 39 || code === 49) ? 'shows' : 'nothing';
}
