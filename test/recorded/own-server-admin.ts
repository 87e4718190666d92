// The lines of `admin` that need no server, or only a kubeconfig.

import type { OwnFile } from './own-server.ts';

const POLICY = `p, alice, applications, get, default/*, allow
g, alice, role:none
`;

const SETTINGS = `apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm}
data:
  accounts.x: login
  resource.customizations: |
    example.com/Widget:
      health.lua: return {status = "Degraded", message = "because"}
    apps/Deployment:
      actions: |
        discovery.lua: |
          return {start = {disabled = true}, stop = {}}
        definitions:
        - name: stop
          action.lua: |
            obj.spec.replicas = 0
            return obj
      ignoreDifferences: |
        jsonPointers: [/spec/replicas]
`;

const BAD_SETTINGS = `apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-cm}
data:
  accounts.x: nonsense
  url: "::"
  resource.customizations: "[a"
`;

const APPLICATION = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: inline}
spec:
  project: default
  source: {repoURL: "http://127.0.0.1:8900/examples.git", path: settings, targetRevision: v1}
  destination: {server: "https://kubernetes.default.svc", namespace: conformance}
`;

const LATER = 'a command that is not there yet';
const PORT = 'the name is a hash of a URL whose port is another here';

const lines = (reason: string, ...numbers: readonly number[]): Readonly<Record<number, string>> =>
  Object.fromEntries(numbers.map((number) => [number, reason]));

export const ADMIN_FILES: Readonly<Record<string, OwnFile>> = {
  'admin-offline': {
    files: {
      'widget.yaml': 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: x}\n',
      'cm2.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n',
      'deployment.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 1, selector: {}}\n',
      'policy.csv': POLICY,
      'bad.csv': 'this is bad\n',
      'cm.yaml': SETTINGS,
      'bad-cm.yaml': BAD_SETTINGS,
      'app.yaml': APPLICATION,
    },
    otherwise: {
      ...lines(LATER, 42, 43, 44, 45, 46, 47, 48, 49, 50),
      ...lines(LATER, 56, 57, 61),
      ...lines(PORT, 11, 12, 14),
      51: 'how a password is to be used is said in our own words',
    },
    wording: { 19: 'what the YAML library says' },
    ours: {
      ...lines('a noun alone prints its help', 0, 2),
      ...lines('no says the answer already', 30, 40),
      4: 'the project is named',
      19: 'settings that cannot be read are no success',
      38: 'a policy in a file needs no kubeconfig',
      51: 'the cluster of the recordings is not the one here',
      52: 'the cluster of the recordings is not the one here',
    },
  },
};
