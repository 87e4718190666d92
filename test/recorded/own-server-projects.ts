// The files of transcripts about projects.

import { systemClock } from '../../src/cli/io/system-clock.ts';
import type { OwnServer } from '../support/transcripts/own-server.ts';
import type { OwnFile } from './own-server.ts';

const TEAM = {
  project: {
    metadata: { name: 'team' },
    spec: {
      sourceRepos: ['http://127.0.0.1:8900/examples.git'],
      destinations: [{ server: 'https://kubernetes.default.svc', namespace: 'conformance' }],
    },
  },
};

const makeTeam = async ({ ask }: OwnServer): Promise<void> => {
  await ask('POST', '/api/v1/projects', TEAM);
};

const deployInTeam = async ({ ask }: OwnServer): Promise<void> => {
  await ask('POST', '/api/v1/applications?validate=false', {
    metadata: { name: 'user' },
    spec: {
      project: 'team',
      source: { repoURL: 'http://127.0.0.1:8900/examples.git', path: 'settings' },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'conformance' },
    },
  });
};

const aSecondLater = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1100));

const NO_EDITOR = 'no editor is started where nobody sits';
const ALONE = 'a noun alone prints its help';

export const PROJECT_FILES: Readonly<Record<string, OwnFile>> = {
  proj: {
    files: {
      'p.yaml':
        'apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: from-file}\nspec: {description: From a file}\n',
      'bad.yaml': 'a: [b\n',
    },
    before: { 88: deployInTeam },
    agreed: [],
    wording: { 25: 'what the YAML library says' },
    otherwise: { 83: 'the editor writes to the terminal itself' },
    ours: { 81: NO_EDITOR, 82: NO_EDITOR, 84: NO_EDITOR, 78: 'the description was not edited', 89: ALONE },
  },
  'proj-role': {
    setUp: makeTeam,
    // Tokens are told apart by the second in which they were issued.
    before: { 24: aSecondLater, 25: aSecondLater },
    agreed: ['--yes'],
    ours: { 43: ALONE },
  },
  'proj-windows': {
    setUp: makeTeam,
    // The windows were closed when they were listed.
    clock: { ...systemClock, now: () => new Date(systemClock.now()).setUTCHours(12, 0, 0, 0) },
    agreed: [],
    ours: {
      ...Object.fromEntries([8, 17].map((line) => [line, 'what the reference passes over is refused'])),
      ...Object.fromEntries([10, 11, 12, 13, 29].map((line) => [line, 'a window less was made'])),
      33: ALONE,
    },
  },
};
