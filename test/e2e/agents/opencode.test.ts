import { opencodeAnthropic, opencodeGoogle, opencodeOpenai } from '../../support/agents.ts';
import { proveHolds } from './proof.ts';

proveHolds([opencodeAnthropic, opencodeOpenai, opencodeGoogle]);
