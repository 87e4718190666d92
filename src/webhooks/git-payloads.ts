// The payloads of Git hosts as pushes. Fields that are missing are empty: such a push touches nothing.

import { type Json, listAt, objectAt, textAt } from '../core/json.ts';
import type { PushEvent } from './event.ts';

/** Gogs, Gitea and Forgejo send the same fields. */
export function githubPush(payload: Json): PushEvent {
  return pushOf(payload, textAt(payload, 'repository', 'html_url'), textAt(payload, 'repository', 'default_branch'));
}

export function gitlabPush(payload: Json): PushEvent {
  return pushOf(payload, textAt(payload, 'project', 'web_url'), textAt(payload, 'project', 'default_branch'));
}

function pushOf(payload: Json, url: string, defaultBranch: string): PushEvent {
  const revision = nameOf(textAt(payload, 'ref'));
  return {
    kind: 'push',
    repositories: [url],
    revision,
    touchesHead: revision !== '' && revision === defaultBranch,
    before: textAt(payload, 'before'),
    after: textAt(payload, 'after') || textAt(payload, 'checkout_sha'),
    files: listAt(payload, 'commits').flatMap((commit) => filesOf(commit)),
  };
}

function filesOf(commit: Json): string[] {
  const lists = ['added', 'modified', 'removed'].flatMap((field) => listAt(commit, field));
  return lists.filter((path) => typeof path === 'string');
}

/** Bitbucket Cloud names the branch alone, and no files. It is taken for the one that HEAD stands for. */
export function bitbucketPushes(payload: Json): PushEvent[] {
  const url = textAt(payload, 'repository', 'links', 'html', 'href');
  return listAt(payload, 'push', 'changes').map((change) => ({
    kind: 'push',
    repositories: [url],
    revision: textAt(change, 'new', 'name'),
    touchesHead: true,
    before: textAt(change, 'old', 'target', 'hash'),
    after: textAt(change, 'new', 'target', 'hash'),
    files: undefined,
  }));
}

/** Bitbucket Server knows its repository by the addresses to clone it. */
export function bitbucketServerPushes(payload: Json): PushEvent[] {
  const links = listAt(payload, 'repository', 'links', 'clone').map((link) => textAt(link, 'href'));
  const repositories = links.filter((link) => link !== '');
  return listAt(payload, 'changes').map((change) => ({
    kind: 'push',
    repositories,
    revision: nameOf(textAt(change, 'ref', 'id') || textAt(change, 'refId')),
    touchesHead: true,
    before: textAt(change, 'fromHash'),
    after: textAt(change, 'toHash'),
    files: undefined,
  }));
}

export function azurePushes(payload: Json): PushEvent[] {
  const resource = objectAt(payload, 'resource');
  const head = textAt(resource, 'repository', 'defaultBranch');
  return listAt(resource, 'refUpdates').map((update) => ({
    kind: 'push',
    repositories: [textAt(resource, 'repository', 'remoteUrl')],
    revision: nameOf(textAt(update, 'name')),
    touchesHead: head !== '' && textAt(update, 'name') === head,
    before: textAt(update, 'oldObjectId'),
    after: textAt(update, 'newObjectId'),
    files: undefined,
  }));
}

/** Of 'refs/heads/feature/x' what follows the second slash. */
function nameOf(ref: string): string {
  return ref.split('/').slice(2).join('/') || (ref.includes('/') ? '' : ref);
}
