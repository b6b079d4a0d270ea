/** Settings: what is in force, who set it, and whom to ask about what is locked. */

import { type ReactNode, useEffect, useState } from 'react';
import type { ControlResult, Status } from '../../../main/contract/control.ts';
import type { Setting } from '../../../main/contract/settings/layers.ts';
import { ask } from '../../ask.ts';
import { Lock, Visible } from '../../design/parts.tsx';
import { Problem } from '../../design/sections.tsx';
import { STRINGS } from '../../strings.ts';
import { isStructured, settingGroups, valueText } from './setting-groups.ts';

const s = STRINGS.console;

type Listed = ControlResult<'settingsList'>;

/** Asked for anew at the engine's every word: one of those is that they changed. */
export function SettingsPage({ status }: { readonly status: Status | null }): ReactNode {
  const listed = useSettings(status);
  const { set, standard } = settingGroups(listed?.settings ?? []);
  return (
    <main className="page settings">
      <h1>{s.settingsTitle}</h1>
      <p className="lead">{listed === null ? s.settingsNone : s.settingsText}</p>
      {listed?.notes.map((note) => (
        <Problem key={note} look="mild" says={note} />
      ))}
      {set.map(({ title, lockedBy, places, settings, along }) => (
        <section key={title} aria-label={title}>
          <header>
            <h2>
              {lockedBy && <Lock label={s.locked} />}
              {title}
            </h2>
            <p className="sub">
              <Visible text={[...places, ...(lockedBy ? [contactLine(listed)] : [])].join(' · ')} />
            </p>
          </header>
          <Rows settings={settings} />
          <Folded title={s.along(along.length)} settings={along} />
        </section>
      ))}
      <section className="shipped" aria-label={s.setBy.default}>
        <Folded title={s.setByDefault(standard.length)} settings={standard} />
      </section>
    </main>
  );
}

/** Many, and seldom wanted: shown when somebody asks. */
function Folded({ title, settings }: { readonly title: string; readonly settings: readonly Setting[] }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  if (settings.length === 0) return null;
  return (
    <>
      <p className="folded">
        {title}{' '}
        <button type="button" className="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? s.hideThem : s.showThem}
        </button>
      </p>
      {isOpen && <Rows settings={settings} />}
    </>
  );
}

function Rows({ settings }: { readonly settings: readonly Setting[] }): ReactNode {
  return (
    <dl className="settings-rows">
      {settings.map((setting) => (
        <div key={setting.key}>
          <dt>
            <code className="settings-key">{setting.key}</code>
            <p className="sub">{setting.meaning}</p>
            {setting.conflicts.map(({ layer, value }) => (
              <p key={layer} className="sub conflict">
                <Visible text={s.conflict[layer](`“${valueText(value)}”`)} />
              </p>
            ))}
          </dt>
          <dd
            className={[...(setting.source === 'default' ? ['shipped'] : []), ...(isStructured(setting.value) ? ['code'] : [])].join(' ')}
          >
            <Visible text={valueText(setting.value)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function contactLine(listed: Listed | null | undefined): string {
  return listed?.contact ? s.ask(listed.contact) : s.askAnybody;
}

/** Undefined until they were asked for; null where no engine is there to tell. */
function useSettings(status: Status | null): Listed | null | undefined {
  const [listed, setListed] = useState<Listed | null>();
  useEffect(() => {
    let isOld = false;
    const take = (told: Listed | null) => {
      if (!isOld) setListed(told);
    };
    if (status === null) take(null);
    else void ask('settingsList', {}).then((reply) => take(reply.ok ? reply.result : null));
    return () => {
      isOld = true;
    };
  }, [status]);
  return listed;
}
