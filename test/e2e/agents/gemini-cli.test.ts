import { gemini } from '../../support/agents.ts';
import { proveHolds } from './proof.ts';

proveHolds([gemini]);
