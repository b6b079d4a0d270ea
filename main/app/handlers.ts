/** What the pages' calls do. */

import type { Answered } from '../contract/approval.ts';
import { HoldpointError } from '../contract/errors.ts';
import type { AgentsHere } from './agents/agents-here.ts';
import { ask } from './ask.ts';
import type { Acceptance, IncidentExport } from './channels.ts';
import type { ConsoleWindow } from './console.ts';
import type { Doctor } from './doctor/doctor.ts';
import type { Demonstration } from './first-run/demonstration.ts';
import type { CallHandlers } from './ipc.ts';
import type { Popup } from './popup.ts';
import type { LiveView } from './view.ts';

export function callHandlers(parts: {
  readonly live: LiveView;
  readonly popup: Popup;
  readonly consoleWindow: Pick<ConsoleWindow, 'ready'>;
  readonly agents: AgentsHere;
  readonly demonstration: Demonstration;
  readonly doctor: Doctor;
  shownAround(): void;
  retry(): void;
  chooseFolder(): Promise<string | null>;
  exportIncident(session: string): Promise<IncidentExport>;
}): CallHandlers {
  const { live, popup, consoleWindow, agents, demonstration, shownAround, chooseFolder, retry } = parts;

  return {
    'popup:ready': () => popup.view(),
    'popup:displayed': ({ ids, height }) => done(popup.displayed(ids, height)),
    'popup:answer': answer,
    'popup:setAside': () => done(popup.setAside()),
    'console:ready': () => {
      consoleWindow.ready();
      return live.current;
    },
    'console:ask': ({ method, params }) => ask(live.client, method, params),
    'console:chooseFolder': chooseFolder,
    'console:allowNext': async ({ id }) => done(await engine().call('allowNext', { id })),
    'console:revoke': async ({ id }) => {
      await engine().call('revoke', { id });
      await live.refresh();
      return null;
    },
    'console:showQuestions': () => done(popup.bringUp()),
    'console:retry': () => done(retry()),
    'console:agents': () => agents.list(),
    'console:attachPlan': (wanted) => agents.plan(wanted),
    'console:attachApply': (agreed) => agents.apply(agreed),
    'console:demo': async ({ want }) => {
      if (want === 'start') demonstration.start();
      if (want === 'stop') await demonstration.stop();
      return demonstration.state;
    },
    'console:doctor': ({ want, id }) => {
      if (want === 'start') parts.doctor.start();
      if (want === 'stop') parts.doctor.stop();
      if (want === 'repair' && id !== undefined) parts.doctor.repair(id);
      return parts.doctor.view;
    },
    'console:shownAround': () => done(shownAround()),
    'console:exportIncident': ({ session }) => parts.exportIncident(session),
  };

  async function answer(answered: Answered): Promise<Acceptance> {
    const checked = popup.check(answered);
    if (!checked.accepted) return checked;
    if (demonstration.questions.some(({ id }) => id === answered.id)) return demonstration.answer(answered);
    if (!live.client) return { accepted: false, why: 'unreachable' };
    try {
      await live.client.call('answer', answered);
      return { accepted: true };
    } catch {
      // Answered elsewhere or out of time; the engine's next list of questions tells.
      return { accepted: false, why: live.client ? 'gone' : 'unreachable' };
    }
  }

  function engine() {
    if (!live.client) throw new HoldpointError('control-unreachable', 'The guard is not running.');
    return live.client;
  }
}

function done(_: unknown): null {
  return null;
}
