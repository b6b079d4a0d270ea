/** Expressions, worked out as far as they can be; what runs on the way is judged. */

import { FILLER, HOLE } from '../holes.ts';
import { judgeVariable } from '../shell/variables.ts';
import { environmentVariable } from '../windows/environment.ts';
import { callMember, readMember } from './members.ts';
import { binaryValue, castValue, indexValue, unaryValue } from './operators.ts';
import type { Runtime } from './runtime.ts';
import { callStatic, readStatic } from './statics.ts';
import type { Expression } from './syntax.ts';
import { EMPTY, joined, listOf, text, textOfValue, thing, unknown, type Value } from './values.ts';

export function evaluateExpression(expression: Expression, runtime: Runtime): Value {
  const evaluate = runtime.evaluate;
  switch (expression.type) {
    case 'text': {
      if (expression.parts.length === 1 && typeof expression.parts[0] === 'string') return text(expression.parts[0]);
      return text(
        joined(
          expression.parts.map((part) => (typeof part === 'string' ? part : textOfValue(evaluate(part)))),
          '',
        ),
      );
    }
    case 'number':
      return text(numberText(expression.value));
    case 'variable':
      return variableValue(expression.name, runtime);
    case 'statements':
      return runtime.statements(expression.body);
    case 'hash': {
      const entries = new Map<string, Value>();
      for (const [key, value] of expression.entries) entries.set(textOfValue(evaluate(key)).toLowerCase(), runtime.statements([value]));
      return { kind: 'map', entries };
    }
    case 'block':
      return { kind: 'block', block: expression.body, source: runtime.source };
    case 'type':
      return thing('type', text(expression.name));
    case 'cast': {
      const of = evaluate(expression.of);
      if (/^(system\.management\.automation\.)?scriptblock$/i.test(expression.name) && of.kind !== 'block') return thing('scriptblock', of);
      if (/^(wmi|wmiclass|adsi|wmisearcher)$/i.test(expression.name)) return thing(expression.name, of);
      return castValue(expression.name, of);
    }
    case 'member': {
      if (expression.isStatic && expression.target.type === 'type')
        return readStatic(expression.target.name, textOfValue(evaluate(expression.name)), expression, runtime);
      return readMember(evaluate(expression.target), textOfValue(evaluate(expression.name)), expression, runtime);
    }
    case 'call': {
      const name = textOfValue(evaluate(expression.name));
      if (expression.isStatic && expression.target.type === 'type') return callStatic(expression.target.name, name, expression, runtime);
      return callMember(evaluate(expression.target), name, expression, runtime);
    }
    case 'index':
      return indexValue(evaluate(expression.target), evaluate(expression.index));
    case 'unary':
      return unaryValue(expression.operator, evaluate(expression.of));
    case 'binary':
      return binaryValue(expression.operator, evaluate(expression.left), evaluate(expression.right));
    case 'list':
      return listOf(expression.items.map(evaluate));
    case 'choice': {
      evaluate(expression.test);
      const [yes, no] = [evaluate(expression.yes), evaluate(expression.no)];
      return listOf([yes, no]);
    }
  }
}

/** What a variable holds: set here, the environment's, or PowerShell's own. */
export function variableValue(written: string, { state, machine }: Runtime): Value {
  const [, drive = '', name = ''] = /^(?:(\w+):)?([\s\S]*)$/.exec(written.toLowerCase())!;
  const { gathering } = machine;
  if (drive === 'env') return text(environmentVariable(name, state.shell, gathering));
  if (drive === 'function') return EMPTY;
  // `${C:\file}` is what that file holds.
  if (drive !== '' && !/^(global|script|local|private|using|variable|workflow)$/.test(drive)) return unknown();
  const own = state.variables.get(name);
  if (own) return own;
  const windows = /^[A-Za-z]:/.test(gathering.paths.home ?? '');
  switch (name) {
    case 'null':
      return EMPTY;
    case 'true':
      return text('True');
    case 'false':
      return text('False');
    case '_':
    case 'psitem':
      return state.item ?? unknown();
    case 'home':
      return text(gathering.paths.home ?? '~');
    case 'pwd':
    case 'psscriptroot':
      return text(state.shell.cwd ?? HOLE);
    case 'profile':
      return text(
        `${gathering.paths.home ?? '~'}${windows ? '\\Documents\\PowerShell\\' : '/.config/powershell/'}Microsoft.PowerShell_profile.ps1`,
      );
    case 'pshome':
      return text('C:\\Program Files\\PowerShell\\7');
    case 'host':
    case 'executioncontext':
    case 'myinvocation':
    case 'pscmdlet':
      return thing(name);
    case 'lastexitcode':
    case '?':
    case '^':
    case '$':
    case 'pid':
    case 'psversiontable':
    case 'iswindows':
    case 'islinux':
    case 'ismacos':
    case 'iscoreclr':
    case 'psculture':
    case 'psuiculture':
    case 'shellid':
    case 'error':
    case 'stacktrace':
    case 'nestedpromptlevel':
    case 'psedition':
    case 'erroractionpreference':
    case 'progresspreference':
    case 'verbosepreference':
    case 'ofs':
      return text(FILLER);
    case 'matches':
    case 'args':
    case 'input':
    case 'foreach':
      return unknown();
    default:
      return unknown();
  }
}

/** `$x = …`, `$env:X = …`, `$x.Y = …`. */
export function assign(target: Expression, operator: string, given: Value, runtime: Runtime): void {
  const { state, machine } = runtime;
  if (target.type === 'cast') {
    assign(target.of, operator, castValue(target.name, given), runtime);
    return;
  }
  if (target.type === 'list') {
    const items = given.kind === 'list' ? given.items : [given];
    for (const [index, item] of target.items.entries()) assign(item, operator, items[index] ?? EMPTY, runtime);
    return;
  }
  if (target.type === 'index' || target.type === 'member') {
    assignPart(target, given, runtime);
    return;
  }
  if (target.type !== 'variable') {
    runtime.evaluate(target);
    return;
  }
  const value =
    operator === '+='
      ? binaryValue('+', variableValue(target.name, runtime), given)
      : operator === '='
        ? given
        : binaryValue(operator.slice(0, -1), variableValue(target.name, runtime), given);
  const [, drive = '', name = ''] = /^(?:(\w+):)?([\s\S]*)$/.exec(target.name)!;
  const range = runtime.range(target);
  if (/^env$/i.test(drive)) {
    const worth = textOfValue(value);
    state.shell.variables.set(name.toUpperCase(), [worth]);
    judgeVariable({ name, value: worth, range }, state.shell, machine);
  } else if (/^function$/i.test(drive)) {
    if (value.kind === 'block') state.functions.set(name.toLowerCase(), value);
  } else if (/^alias$/i.test(drive)) state.aliases.set(name.toLowerCase(), textOfValue(value));
  else if (drive !== '' && !/^(global|script|local|private|using|variable|workflow)$/i.test(drive))
    machine.gathering.writes({ text: target.name, raw: runtime.written(target), range }, state.shell.cwd);
  else state.variables.set(name.toLowerCase(), value);
}

/** What a part is given belongs to the whole: `$h['Body'] = …`, `$request.Proxy = …`. */
function assignPart(target: Expression & { type: 'index' | 'member' }, given: Value, runtime: Runtime): void {
  const { state, machine } = runtime;
  const key = textOfValue(runtime.evaluate(target.type === 'index' ? target.index : target.name)).toLowerCase();
  const range = runtime.range(target);
  if (target.type === 'member' && target.isStatic && target.target.type === 'type') {
    if (/^(net\.)?(defaultwebproxy|defaultproxy)$/.test(key))
      machine.gathering.effect('disable-guard', 'risk', 'takes programs out of Holdpoint’s sight (the proxy)', range);
    if (key === 'servercertificatevalidationcallback')
      machine.gathering.effect('unresolved', 'watch', 'trusts whoever answers, without a look at certificates', range);
    return;
  }
  const whole = runtime.evaluate(target.target);
  if (key === 'proxy' && whole.kind === 'thing')
    machine.gathering.effect('disable-guard', 'risk', 'goes out by another way than Holdpoint’s (a proxy of its own)', range);
  if (target.target.type !== 'variable') return;
  const name = target.target.name.toLowerCase();
  if (whole.kind === 'map') state.variables.set(name, { kind: 'map', entries: new Map([...whole.entries, [key, given]]) });
  else if (whole.kind === 'list' || whole.kind === 'nothing') state.variables.set(name, listOf([whole, given]));
  else if (whole.kind === 'thing') {
    state.variables.set(name, { ...whole, of: [...whole.of, { kind: 'map', entries: new Map([[key, given]]) }] });
    if (/^(onprocessstart|filename|targetpath|arguments)$/.test(key)) return;
  }
}

function numberText(written: string): string {
  const unit = /(kb|mb|gb|tb|pb)$/i.exec(written)?.[1]?.toLowerCase();
  const plain = written.replace(/(kb|mb|gb|tb|pb)$/i, '').replace(/^(0x[0-9a-f]+?|[^x]+?)(u?[lsyn]|d)$/i, '$1');
  if (!unit) return plain;
  const scale = { kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30, tb: 2 ** 40, pb: 2 ** 50 }[unit] ?? 1;
  return String(Number(plain) * scale);
}
