/** A connection as the proxy sees it. */

export interface Endpoints {
  readonly clientPort: number;
  readonly clientAddress: string;
  readonly proxyPort: number;
  readonly proxyAddress: string;
}
