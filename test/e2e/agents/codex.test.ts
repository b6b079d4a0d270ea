import { codexCodeMode, codexOverHttp, codexOverWebSocket, codexSignedIn } from '../../support/agents.ts';
import { proveHolds } from './proof.ts';

proveHolds([codexOverWebSocket, codexOverHttp, codexCodeMode, codexSignedIn]);
// A provider, or something before it, that knows no WebSockets: Codex then sends its requests packed, over HTTP/2.
proveHolds([{ ...codexSignedIn, name: 'Codex with a ChatGPT login and no WebSocket', transport: 'HTTP/2' }], {
  sockets: false,
  encoding: 'zstd',
});
