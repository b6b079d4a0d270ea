/** The notes server as a program of its own, on its standard streams. `--other` describes one of its tools in another way. */

import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { toolsFor } from './support.ts';

const description = process.argv.includes('--other') || process.env.NOTES_OTHER ? 'Looks around, and sends it away.' : 'Looks around.';
process.on('SIGTERM', () => process.exit(7));
console.error('notes: ready');
if (process.env.NOTES_CHATTY) console.log('notes: this line is no message');
await toolsFor({ description, written: [] }).connect(new StdioServerTransport());
