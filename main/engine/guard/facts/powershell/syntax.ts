/** PowerShell's syntax tree (language specification 3.0, chapter 15, and PowerShell 7's additions). Offsets are UTF-16, half open. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Expression = Span &
  (
    | { readonly type: 'text'; readonly parts: readonly (string | Expression)[] }
    | { readonly type: 'number'; readonly value: string }
    | { readonly type: 'variable'; readonly name: string; readonly splat: boolean }
    /** `$( )`, `( )` and `@( )`. */
    | { readonly type: 'statements'; readonly kind: 'sub' | 'paren' | 'array'; readonly body: readonly Statement[] }
    | { readonly type: 'hash'; readonly entries: readonly (readonly [key: Expression, value: Statement])[] }
    | { readonly type: 'block'; readonly body: Block }
    | { readonly type: 'type'; readonly name: string }
    | { readonly type: 'cast'; readonly name: string; readonly of: Expression }
    | { readonly type: 'member'; readonly target: Expression; readonly name: Expression; readonly isStatic: boolean }
    | {
        readonly type: 'call';
        readonly target: Expression;
        readonly name: Expression;
        readonly isStatic: boolean;
        readonly parameters: readonly Expression[];
      }
    | { readonly type: 'index'; readonly target: Expression; readonly index: Expression }
    | { readonly type: 'unary'; readonly operator: string; readonly of: Expression }
    | { readonly type: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly type: 'list'; readonly items: readonly Expression[] }
    | { readonly type: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  );

export interface Block {
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
}

export interface Parameter {
  readonly name: string;
  readonly otherwise?: Expression | undefined;
}

/** A command's word: `-Name`, `-Name:value`, `@splat` or a value. */
export type Argument =
  | (Span & { readonly kind: 'parameter'; readonly name: string; readonly value?: Expression | undefined })
  | (Span & { readonly kind: 'value'; readonly value: Expression });

export interface Redirect extends Span {
  /** `*` is all streams. */
  readonly stream: string;
  readonly operator: '>' | '>>' | '<';
  readonly target: Expression;
}

export type Element = Span & { readonly redirects: readonly Redirect[] } & (
    | { readonly type: 'expression'; readonly value: Expression }
    | {
        readonly type: 'command';
        readonly operator?: '&' | '.' | undefined;
        readonly name: Expression;
        readonly words: readonly Argument[];
      }
  );

export type Statement = Span &
  (
    | { readonly type: 'pipeline'; readonly elements: readonly Element[] }
    | { readonly type: 'chain'; readonly statements: readonly Statement[]; readonly operators: readonly ('&&' | '||')[] }
    | { readonly type: 'assign'; readonly target: Expression; readonly operator: string; readonly value: Statement }
    | { readonly type: 'if'; readonly tests: readonly Statement[]; readonly bodies: readonly (readonly Statement[])[] }
    | { readonly type: 'foreach'; readonly name: string; readonly over: Statement; readonly body: readonly Statement[] }
    | { readonly type: 'loop'; readonly heads: readonly Statement[]; readonly body: readonly Statement[] }
    | {
        readonly type: 'switch';
        readonly over: Statement;
        readonly bodies: readonly (readonly Statement[])[];
        readonly tests: readonly Expression[];
      }
    | { readonly type: 'try'; readonly bodies: readonly (readonly Statement[])[] }
    | { readonly type: 'function'; readonly name: string; readonly block: Block }
    /** `return`, `throw`, `exit`, `break` and their like, with what they give. */
    | { readonly type: 'leave'; readonly word: string; readonly value?: Statement | undefined }
    /** A class, an enumeration, a `using`: what is in it is not followed. */
    | { readonly type: 'opaque'; readonly word: string }
  );
