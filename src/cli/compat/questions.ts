/** The reference's questions, as it writes them before the cursor. */
export const LINE_QUESTIONS = {
  deleteOne: (name: string) => `Are you sure you want to delete '${name}' and all its resources? [y/n] `,
  deleteEach: (name: string) =>
    `Are you sure you want to delete '${name}' and all its resources? [y/n/a] where 'a' is to delete all specified apps and their resources without prompting `,
  deleteToken: (id: string) => `Are you sure you want to delete '${id}' token? [y/n]`,
  deleteResource: (title: string) => `Are you sure you want to delete ${title} ? [y/n]`,
  deleteSource: () => 'Are you sure you want to delete the source? [y/n]',
  unsetParameters: () => 'Are you sure you want to unset the parameters? [y/n]',
  sync: (name: string) =>
    `Please review changes to application ${name} shown above. Do you want to continue the sync process? (y/n): `,
  removeRepository: (url: string) => `Are you sure you want to delete repository '${url}'? [y/n]`,
  removeCredentials: (url: string) => `Are you sure you want to remove '${url}'? [y/n] `,
  removeCertificates: (host: string) => `Are you sure you want to remove all certificates for '${host}'? [y/n]`,
  removeGpgKey: (id: string) => `Are you sure you want to remove '${id}'? [y/n] `,
  removeCluster: (name: string) =>
    `Are you sure you want to remove '${name}'? Any Apps deploying to this cluster will go to health status Unknown.[y/n] `,
  removeEachCluster: (name: string) =>
    `Are you sure you want to remove '${name}'? Any Apps deploying to this cluster will go to health status Unknown.[y/n/A] where 'A' is to remove all specified clusters without prompting. Any Apps deploying to these clusters will go to health status Unknown. `,
  addCluster: (name: string, level: string) =>
    `WARNING: This will create a service account \`argocd-manager\` on the cluster referenced by context \`${name}\` with full ${level} level privileges. Do you want to continue [y/N]? `,
  deleteSet: (name: string) => `Are you sure you want to delete '${name}' and all its Applications? [y/n] `,
  deleteEachSet: (name: string) =>
    `Are you sure you want to delete '${name}' and all its Applications? [y/n/a] where 'a' is to delete all specified ApplicationSets and their Applications without prompting`,
  deleteProject: (name: string) => `Are you sure you want to delete ${name}? [y/n]`,
  deleteRole: (name: string) => `Are you sure you want to delete '${name}' role? [y/n]`,
  deletePolicy: (policy: string) => `Are you sure you want to delete '${policy}' policy? [y/n]`,
  removeGroup: (group: string, role: string) =>
    `Are you sure you want to remove '${group}' group from role '${role}'? [y/n]`,
  deleteRoleToken: (issuedAt: string) => `Are you sure you want to delete '${issuedAt}' project token? [y/n]`,
  deleteWindow: () => 'Are you sure you want to delete sync window? [y/n]',
  updateIntegrityPolicy: (id: number, project: string) =>
    `Are you sure you want to update policy ${id} from project "${project}"? [y/N] `,
  deleteIntegrityPolicies: (ids: string, project: string) =>
    `Are you sure you want to delete policies ${ids} from project "${project}"? [y/N] `,
  logout: (name: string) => `Are you sure you want to log out from '${name}'?`,
  withoutTls: () => 'WARNING: server is not configured with TLS. Proceed (y/n)? ',
  withoutTrust: (error: string) => `WARNING: server certificate had error: ${error}. Proceed insecurely (y/n)? `,
} as const;
