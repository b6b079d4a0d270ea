/** cmd.exe's syntax tree. Commands keep their text as it is written: variables are put in when they run. Offsets are UTF-16, half open. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface CmdRedirect extends Span {
  readonly stream: string;
  readonly operator: '>' | '>>' | '<';
  readonly target: string;
}

export type CmdNode = Span & { readonly redirects?: readonly CmdRedirect[] } & (
    | { readonly type: 'simple'; readonly text: string }
    | { readonly type: 'list'; readonly items: readonly CmdNode[]; readonly operators: readonly ('&' | '&&' | '||')[] }
    | { readonly type: 'pipe'; readonly items: readonly CmdNode[] }
    | { readonly type: 'if'; readonly condition: string; readonly then: CmdNode; readonly otherwise?: CmdNode | undefined }
    | {
        readonly type: 'for';
        readonly kind: string;
        readonly options: string;
        readonly variable: string;
        readonly set: string;
        readonly body: CmdNode;
      }
  );
