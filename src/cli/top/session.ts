// What `hawser top` knows while it runs, and what changes it: events of the stream, keys, and answers of the server.

import type { ApplicationTarget } from '../../api/applications.ts';
import type { FleetEvent } from '../../client/watch-list.ts';
import type { Application } from '../../model/application.ts';
import type { WindowLook } from '../../render/fleet.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { type Entry, keyOf } from './rows.ts';
import { type Content, drawTop, type Picture, sceneOf } from './screens.ts';
import { type Effect, press, type Task, type TopState } from './state.ts';
import type { Report } from './tasks.ts';

/** What the server is asked. */
export interface Tasks {
  fetch(target: ApplicationTarget): Promise<Application>;
  causes(application: Application): Promise<readonly string[]>;
  /** The lines of what a sync would change. */
  diff(target: ApplicationTarget): Promise<readonly string[]>;
  sync(name: string, target: ApplicationTarget): Promise<Report>;
  refresh(name: string, target: ApplicationTarget, refresh: 'normal' | 'hard'): Promise<Report>;
  /** What went wrong, in a sentence. */
  failureText(thrown: unknown): string;
}

export interface SessionSetting {
  readonly server: string;
  readonly start: TopState;
  readonly tasks: Tasks;
  readonly now: () => number;
  /** Something has changed that the screen shows. */
  readonly update: () => void;
}

export interface Session {
  take(event: FleetEvent): void;
  /** The answer is what the caller is to do. */
  press(key: string, look: WindowLook): Exclude<Effect['do'], Task> | undefined;
  draw(look: WindowLook): string[];
  /** The names of the applications whose sync was asked for here and has not ended. */
  running(): readonly string[];
}

interface Known {
  state: TopState;
  content: Content;
  /** The application that the content is of. */
  subject: string | undefined;
  remark: string;
  lostAt: number | undefined;
  loading: boolean;
  isAskingCauses: boolean;
  readonly requested: Set<string>;
}

export function createSession(setting: SessionSetting): Session {
  const fleet = createFleet();
  const known: Known = {
    state: setting.start,
    content: {},
    subject: undefined,
    remark: '',
    lostAt: undefined,
    loading: true,
    isAskingCauses: false,
    requested: new Set(),
  };
  const picture = (): Picture => ({ ...known, fleet, server: setting.server, now: setting.now() });
  return {
    take: (event) => takeEvent(event, { known, fleet, setting }),
    press: (key, look) => {
      known.remark = '';
      const { state, effect } = press(known.state, key, sceneOf(picture(), look));
      known.state = state;
      if (effect === undefined) return undefined;
      if (!('key' in effect)) return effect.do;
      startTask(effect.do, effect.key, { known, fleet, setting });
      return undefined;
    },
    draw: (look) => drawTop(picture(), look),
    running: () =>
      [...known.requested].flatMap((key) => {
        const row = fleet.entry(key)?.row;
        return row?.phase === 'Running' ? [row.name] : [];
      }),
  };
}

interface Parts {
  readonly known: Known;
  readonly fleet: Fleet;
  readonly setting: SessionSetting;
}

function takeEvent(event: FleetEvent, { known, fleet, setting }: Parts): void {
  if (event.type === 'LOST') known.lostAt ??= setting.now();
  else known.lostAt = undefined;
  if (event.type === 'LIST') {
    fleet.replace(event.applications);
    known.loading = false;
    const open = event.applications.find((app) => keyOf(app) === known.subject);
    if (open) takeSubject(open, { known, fleet, setting });
  } else if (event.type === 'DELETED') {
    fleet.remove(event.application);
    if (keyOf(event.application) === known.subject)
      known.content = { failure: 'it was deleted', diffFailure: 'it was deleted' };
  } else if (event.type !== 'LOST') {
    fleet.put(event.application);
    if (keyOf(event.application) === known.subject) takeSubject(event.application, { known, fleet, setting });
  }
  setting.update();
}

/** The application that is open has changed: what is to blame may have too. */
function takeSubject(application: Application, { known, fleet, setting }: Parts): void {
  const { subject } = known;
  known.content = { ...known.content, application, failure: undefined };
  if (known.state.screen !== 'application' || known.isAskingCauses) return;
  known.isAskingCauses = true;
  void setting.tasks
    .causes(application)
    .then((causes) => {
      if (known.subject === subject) known.content = { ...known.content, causes };
    })
    .finally(() => {
      known.isAskingCauses = false;
      if (known.subject !== subject && known.content.application)
        takeSubject(known.content.application, { known, fleet, setting });
      setting.update();
    });
}

const RUN: Readonly<Record<Task, (target: ApplicationTarget, key: string, parts: Parts) => Promise<void>>> = {
  open: async (target, key, { known, fleet, setting }) => {
    if (known.subject !== key) known.content = {};
    known.subject = key;
    try {
      const application = await setting.tasks.fetch(target);
      if (known.subject === key) takeSubject(application, { known, fleet, setting });
    } catch (thrown) {
      if (known.subject === key) known.content = { ...known.content, failure: setting.tasks.failureText(thrown) };
    }
  },
  diff: async (target, key, { known, setting }) => {
    known.content = { ...(known.subject === key ? known.content : {}), diff: undefined, diffFailure: undefined };
    known.subject = key;
    const take = (content: Content): void => {
      if (known.subject === key) known.content = { ...known.content, ...content };
    };
    try {
      take({ diff: await setting.tasks.diff(target) });
    } catch (thrown) {
      take({ diffFailure: setting.tasks.failureText(thrown) });
    }
  },
  sync: async (target, key, parts) => {
    parts.known.requested.add(key);
    await report(key, {
      parts,
      verb: 'requesting the sync of',
      work: (name) => parts.setting.tasks.sync(name, target),
    });
  },
  refresh: (target, key, parts) =>
    report(key, {
      parts,
      verb: 'refreshing',
      work: (name) => parts.setting.tasks.refresh(name, target, 'normal'),
    }),
  'hard-refresh': (target, key, parts) =>
    report(key, { parts, verb: 'refreshing', work: (name) => parts.setting.tasks.refresh(name, target, 'hard') }),
};

interface Reported {
  readonly parts: Parts;
  readonly verb: string;
  readonly work: (name: string) => Promise<Report>;
}

/** Says what is done, and then the result, which the list shows before the stream tells it. */
async function report(key: string, { parts, verb, work }: Reported): Promise<void> {
  const { known, fleet, setting } = parts;
  const name = fleet.entry(key)?.row.name ?? key;
  known.remark = `${verb} ${name}`;
  setting.update();
  const { text, application } = await work(name);
  known.remark = text;
  // The stream may have been faster than the answer.
  if (!application || isOlder(application, fleet.entry(key))) return;
  fleet.put(application);
  if (known.subject === key) takeSubject(application, parts);
}

const isOlder = ({ metadata }: Application, entry: Entry | undefined): boolean =>
  entry === undefined || Number(metadata.resourceVersion) < Number(entry.version);

function startTask(task: Task, key: string, parts: Parts): void {
  const entry = parts.fleet.entry(key);
  if (!entry) return;
  void RUN[task](entry.target, key, parts).finally(parts.setting.update);
}
