/** Agents: which there are and how each is attached, the tools that they were given, and who else talks to AI. */

import type { ReactNode } from 'react';
import type { McpServerSeen } from '../../../main/contract/mcp-servers.ts';
import { type SeenAgent, seenConcern } from '../../../main/contract/seen-agents.ts';
import { Chip, type Look, Visible } from '../../design/parts.tsx';
import { Problem } from '../../design/sections.tsx';
import { moment } from '../../design/time.ts';
import { STRINGS } from '../../strings.ts';
import { AgentEntry } from './agent-entry.tsx';
import { summaryOf } from './agent-rows.ts';
import type { Agents } from './use-agents.ts';

const s = STRINGS.agents;

export function AgentsPage({ agents, onFirstRun }: { readonly agents: Agents | undefined; onFirstRun(): void }): ReactNode {
  return (
    <main className="page agents">
      <h1>{s.title}</h1>
      {agents && <Told agents={agents} />}
      <p className="again">
        <button type="button" className="link" onClick={onFirstRun}>
          {s.again}
        </button>
      </p>
    </main>
  );
}

function Told({ agents: { rows, servers, others, problem, unseen, refresh } }: { readonly agents: Agents }): ReactNode {
  return (
    <>
      <p className="lead">{s.summary(summaryOf(rows))}</p>
      {problem !== undefined && <Problem look="mild" says={`${s.cannotLook} ${problem}`} />}
      {unseen !== undefined && <Problem look="mild" says={`${s.cannotSee} ${unseen}`} />}
      <h2 className="unseen">{s.hereTitle}</h2>
      <ul className="entries">
        {rows.map((row) => (
          <AgentEntry key={row.name} row={row} isSeen={unseen === undefined} onDone={() => void refresh()} />
        ))}
      </ul>
      {unseen === undefined && <Seen servers={servers} others={others} />}
    </>
  );
}

function Seen({ servers, others }: Pick<Agents, 'servers' | 'others'>): ReactNode {
  return (
    <>
      <section>
        <h2>{s.serversTitle}</h2>
        <p className="lead">{servers.length === 0 ? s.serversNone : s.serversText}</p>
        <ul className="entries">
          {servers.map((server) => (
            <Server key={`${server.transport} ${server.address} ${server.name}`} server={server} />
          ))}
        </ul>
      </section>
      <section>
        <h2>{s.othersTitle}</h2>
        <p className="lead">{others.length === 0 ? s.othersNone : s.othersText}</p>
        <ul className="entries">
          {others.map((row) => (
            <Other key={JSON.stringify([row.agent, row.program, row.user, row.provider])} row={row} />
          ))}
        </ul>
      </section>
    </>
  );
}

function Server({ server }: { readonly server: McpServerSeen }): ReactNode {
  const { name, address, transport, version, tools, changed, usedBy, last } = server;
  const facts = [
    tools === null ? s.toolsUnknown : s.tools(tools),
    s.transport[transport],
    ...(usedBy.length > 0 ? [s.usedBy(usedBy)] : []),
  ];
  return (
    <li>
      <div className="entry-text">
        <h3>
          <Visible text={name} />
          {version !== null && (
            <span className="version">
              <Visible text={version} />
            </span>
          )}
        </h3>
        <p className="sub">
          <Visible text={facts.join(' · ')} />
        </p>
        {address !== '' && address !== name && (
          <p className="sub">
            <code>
              <Visible text={address} />
            </code>
          </p>
        )}
        {changed.length > 0 && (
          <p className="sub loud">
            <Visible text={s.changedTools(changed)} />
          </p>
        )}
      </div>
      <div className="entry-action">{last !== null && <span className="when">{s.last(moment(last))}</span>}</div>
    </li>
  );
}

function Other({ row }: { readonly row: SeenAgent }): ReactNode {
  const { agent, provider, program, startedBy, host, how, to, last } = row;
  const advice = s.advice[how];
  return (
    <li>
      <div className="entry-text">
        <h3>
          <Visible text={s.to(agent, provider)} />
        </h3>
        <p className="sub">
          {to === 'web' && how === 'intercepted' ? s.meansWeb : s.means[how]}{' '}
          <Visible text={typeof advice === 'string' ? advice : advice(host)} />
        </p>
        <p className="sub">
          {startedBy !== null && (
            <>
              <Visible text={s.startedBy(startedBy)} /> ·{' '}
            </>
          )}
          {program === null ? (
            s.noProgram
          ) : (
            <code>
              <Visible text={program} />
            </code>
          )}
        </p>
      </div>
      <div className="entry-action">
        <span className="when">{s.last(moment(last))}</span>
        <Chip look={lookOf(row)}>{s.chip[how]}</Chip>
      </div>
    </li>
  );
}

function lookOf(row: SeenAgent): Look {
  if (row.how === 'refused') return 'refused';
  return ['unguarded', 'unread'].includes(seenConcern(row) ?? '') ? 'unsure' : 'noted';
}
