import { copilotAnthropic, copilotChat, copilotOverWebSocket, copilotResponses } from '../../support/agents.ts';
import { proveHolds } from './proof.ts';

proveHolds([copilotChat, copilotResponses, copilotOverWebSocket, copilotAnthropic]);
