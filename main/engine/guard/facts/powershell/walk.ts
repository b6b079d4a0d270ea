/** Walks a script in the order in which PowerShell would run it, and keeps the state that it leaves. */

import type { Word } from '../gathering.ts';
import { readable } from '../holes.ts';
import type { Flow, Machine, OtherText, Region, Source } from '../shell/machine.ts';
import { writeFiles } from '../windows/actions.ts';
import { windowsMachine } from '../windows/spelling.ts';
import { runElement, runWords } from './command.ts';
import { assign, evaluateExpression } from './evaluate.ts';
import { parsePowerShell } from './parse.ts';
import { copyOfPower, joinPower, newPowerState, type PowerState, type Runtime } from './runtime.ts';
import type { Block, Element, Expression, Statement } from './syntax.ts';
import { EMPTY, flowOf, itemsOf, listOf, textOfValue, unknown, type Value } from './values.ts';

/** What stands for a hole where text with holes is read once more: a variable that nobody sets. */
export const UNSET_POWERSHELL = '\x24{_unset_}';
const MOST_TURNS = 16;
const DEEPEST_CALL = 12;

/** Reads text as PowerShell; what it prints is given on. */
export function runPowerShell({ text, state, stdin, region, machine, shown }: OtherText): Flow {
  return flowOf(readText(text, newPowerState(state), stdin, region, windowsMachine(machine), shown, { calls: 0 }));
}

function readText(
  given: string,
  state: PowerState,
  input: Value,
  region: Region,
  machine: Machine,
  shown: string,
  depth: { calls: number },
): Value {
  let printed: Value = EMPTY;
  const flow = machine.readOther(given, UNSET_POWERSHELL, region, shown, (code, where) => {
    const runtime = createRuntime(machine, { text: code, region: where }, state, depth);
    printed = runtime.statements(parsePowerShell(code), input);
    return flowOf(EMPTY);
  });
  return flow.kind === 'unknown' ? unknown() : printed;
}

function createRuntime(machine: Machine, source: Source, state: PowerState, depth: { calls: number }): Runtime {
  const runtime: Runtime = {
    machine,
    source,
    state,
    statements: (body, input) => listOf(body.map((one) => statement(one, input))),
    evaluate: (expression) => evaluate(expression),
    call,
    run: (code, region, shown) => readText(code, state, EMPTY, region, machine, shown, depth),
    words: (words, input, range) => runWords(words, input, range, runtime),
    range: ({ start, end }) => source.region(Math.min(start, source.text.length), Math.min(Math.max(start, end), source.text.length)),
    written: ({ start, end }) => source.text.slice(start, end),
  };
  return runtime;

  function evaluate(expression: Expression): Value {
    return evaluateExpression(expression, runtime);
  }

  function statement(node: Statement, input?: Value): Value {
    // A pipeline counts its own steps; what only holds others is a step as well, or loops in loops would never end.
    if (node.type !== 'pipeline' && machine.spent(runtime.range(node))) return unknown();
    switch (node.type) {
      case 'pipeline':
        return pipeline(node.elements, input);
      case 'chain':
        return listOf(
          node.statements.map((one, index) =>
            node.operators[index - 1] === '||' ? branches([() => statement(one, input)]) : statement(one, input),
          ),
        );
      case 'assign': {
        const value = statement(node.value);
        assign(node.target, node.operator, value, runtime);
        return EMPTY;
      }
      case 'if': {
        for (const test of node.tests) statement(test);
        return branches(node.bodies.map((body) => () => runtime.statements(body)));
      }
      case 'foreach': {
        const over = statement(node.over);
        const items = itemsOf(over);
        const turns = items.length > MOST_TURNS ? [...items.slice(0, MOST_TURNS), unknown()] : items;
        return listOf(
          turns.map((item) => {
            state.variables.set(node.name.toLowerCase(), item);
            return runtime.statements(node.body);
          }),
        );
      }
      case 'loop': {
        const heads = () => listOf(node.heads.map((head) => statement(head)));
        heads();
        return branches([
          () => {
            const once = runtime.statements(node.body);
            heads();
            return listOf([once, runtime.statements(node.body)]);
          },
        ]);
      }
      case 'switch': {
        const outer = state.item;
        state.item = statement(node.over);
        for (const test of node.tests) if (test.type !== 'block') evaluate(test);
        const printed = branches(node.bodies.map((body) => () => runtime.statements(body)));
        state.item = outer;
        return printed;
      }
      case 'try': {
        const [first = [], ...rest] = node.bodies;
        const printed = runtime.statements(first, input);
        return listOf([printed, branches(rest.map((body) => () => runtime.statements(body)))]);
      }
      case 'function':
        state.functions.set(node.name.toLowerCase(), { block: node.block, source });
        return EMPTY;
      case 'leave':
        return node.value ? statement(node.value) : EMPTY;
      case 'opaque':
        if (node.word === 'class') machine.gathering.effect('runs-code', 'plain', 'declares a class', runtime.range(node));
        return EMPTY;
    }
  }

  function branches(bodies: readonly (() => Value)[]): Value {
    const before = copyOfPower(state);
    const printed: Value[] = [];
    for (const body of bodies) {
      const start = copyOfPower(before);
      const own = copyOfPower(state);
      restore(start);
      printed.push(body());
      const after = copyOfPower(state);
      restore(own);
      joinPower(state, after);
    }
    return listOf(printed);
  }

  function restore(from: PowerState): void {
    replace(state.variables, from.variables);
    replace(state.functions, from.functions);
    replace(state.aliases, from.aliases);
    replace(state.shell.variables, from.shell.variables);
    state.shell.cwd = from.shell.cwd;
  }

  function pipeline(elements: readonly Element[], input: Value | undefined): Value {
    return elements.reduce<Value>((flow, element, index) => {
      if (machine.spent(runtime.range(element))) return unknown();
      const given = index === 0 ? (input ?? EMPTY) : flow;
      const printed =
        element.type === 'expression' ? expressionElement(element, given, index) : runElement(element, given, runtime, index > 0);
      return redirected(element, printed);
    }, EMPTY);
  }

  /** A pipeline of values; in its middle only `$_` and script blocks make sense. */
  function expressionElement(element: Element & { type: 'expression' }, input: Value, index: number): Value {
    const outer = state.item;
    if (index > 0) state.item = input;
    const value = evaluate(element.value);
    state.item = outer;
    return value;
  }

  function redirected(element: Element, printed: Value): Value {
    let left = printed;
    for (const redirect of element.redirects) {
      const target = evaluate(redirect.target);
      if (target.kind === 'nothing') left = redirect.stream === '1' || redirect.stream === '*' ? EMPTY : left;
      if (target.kind === 'nothing' || redirect.operator === '<') continue;
      const word: Word = { text: textOfValue(target), range: runtime.range(redirect.target), raw: runtime.written(redirect.target) };
      const all = redirect.stream === '1' || redirect.stream === '*';
      writeFiles(
        [word],
        all ? flowOf(printed) : { kind: 'nothing' },
        { machine, state: state.shell, range: word.range },
        redirect.operator === '>>' ? 'adds to' : 'writes',
        all && printed.kind === 'nothing' && redirect.operator === '>' && element.type === 'expression',
      );
      if (all) left = EMPTY;
    }
    return left;
  }

  function call(block: Value, input: Value | undefined, parameters: readonly Value[]): Value {
    if (block.kind === 'thing' && block.type === 'scriptblock') {
      const code = block.of[0] ?? EMPTY;
      return code.kind === 'block'
        ? call(code, input, parameters)
        : runtime.run(textOfValue(code), () => source.region(0, source.text.length), readable(textOfValue(code)));
    }
    if (block.kind !== 'block') return unknown();
    return callBlock(block.block, block.source, input, parameters);
  }

  function callBlock(block: Block, from: Source, input: Value | undefined, parameters: readonly Value[]): Value {
    depth.calls += 1;
    try {
      if (depth.calls > DEEPEST_CALL) {
        machine.gathering.effect(
          'unresolved',
          'watch',
          'calls scripts within scripts, too deep to be followed',
          from.region(0, from.text.length),
        );
        return unknown();
      }
      const outer = state.item;
      if (input !== undefined) state.item = input;
      block.parameters.forEach(({ name, otherwise }, index) => {
        const given = parameters[index] ?? (otherwise && evaluate(otherwise));
        state.variables.set(name.toLowerCase(), given ?? EMPTY);
      });
      state.variables.set('args', listOf(parameters));
      if (input !== undefined) state.variables.set('input', input);
      const inner = from === source ? runtime : createRuntime(machine, from, state, depth);
      const printed = inner.statements(block.body);
      state.item = outer;
      return printed;
    } finally {
      depth.calls -= 1;
    }
  }
}

function replace<K, V>(map: Map<K, V>, from: ReadonlyMap<K, V>): void {
  map.clear();
  for (const [key, value] of from) map.set(key, value);
}
