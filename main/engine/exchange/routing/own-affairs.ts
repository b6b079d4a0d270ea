/** What stays between an agent and its provider although model calls go elsewhere: signing in, telemetry, settings, a web site's pages. */

import type { RequestHead } from '../../protocols/pieces.ts';
import type { Catalogue } from '../catalogue.ts';

/** What gateways serve beside model calls: a path that ends in one of these, or goes on below it, is asked of them. */
const OF_A_GATEWAY =
  /\/(models|language-models|embeddings|embed|rerank|moderations|tokenize|detokenize|tokenize-text|tokenizers|count-tokens)(\/|$)|:(embedContent|batchEmbedContents)$/;

/** Whatever is not known to be beside model calls is taken for one, and goes where they go. */
export function isOwnAffair(catalogue: Pick<Catalogue, 'isBeside'>, { host, path }: RequestHead): boolean {
  return catalogue.isBeside(host, path) && !OF_A_GATEWAY.test(path.split('?', 1)[0] ?? '');
}
