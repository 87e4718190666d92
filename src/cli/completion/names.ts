// Names that only a server knows, kept for some seconds: who presses the key again does not wait again.

import { sentFields } from '../../api/application-fields.ts';
import { getApplication, listApplications } from '../../api/applications.ts';
import { listProjects } from '../../api/projects.ts';
import { cached } from '../config/cache-file.ts';
import type { Context } from '../context.ts';
import type { Candidate } from './offer.ts';

/** A shell must not wait for a server that does not answer, nor show why. */
const TIMEOUT_MS = 3000;

const inTime = (): { readonly signal: AbortSignal } => ({ signal: AbortSignal.timeout(TIMEOUT_MS) });

export const applicationNames = (context: Context): Promise<readonly Candidate[]> =>
  remembered('applications', context, async () => {
    const { client } = await context.connect();
    const { items } = await client.call(listApplications, { fields: sentFields() }, inTime());
    return (items ?? []).map(({ metadata, spec }) => ({ word: metadata.name, about: spec.project }));
  });

export const projectNames = (context: Context): Promise<readonly Candidate[]> =>
  remembered('projects', context, async () => {
    const { client } = await context.connect();
    const { items } = await client.call(listProjects, {}, inTime());
    return (items ?? []).map(({ metadata, spec }) => ({ word: metadata.name, about: spec.description ?? '' }));
  });

export async function deploymentIds(name: string, context: Context): Promise<readonly Candidate[]> {
  const { client } = await context.connect();
  const { status } = await client.call(getApplication, { name }, inTime());
  return [...(status?.history ?? [])]
    .reverse()
    .map(({ id, deployedAt }) => ({ word: String(id), about: deployedAt ?? '' }));
}

export async function contextNames(context: Context): Promise<readonly Candidate[]> {
  const config = await (await context.config()).read();
  return [...(config?.contexts ?? []), { name: 'local', server: 'the local system' }].map(({ name, server }) => ({
    word: name,
    about: server,
  }));
}

/** What is known of the same server, by the same flags and the same configuration. */
async function remembered(
  what: string,
  context: Context,
  ask: () => Promise<readonly Candidate[]>,
): Promise<readonly Candidate[]> {
  const { path } = await context.config();
  const lines = await cached(
    { key: [what, context.globals(), path], of: path, now: context.clock.now() },
    context.env,
    async () => (await ask()).map(({ word, about = '' }) => `${word}\t${about}`),
  );
  return lines.map((line) => {
    const [word = '', about = ''] = line.split('\t');
    return { word, about };
  });
}
