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
  logout: (name: string) => `Are you sure you want to log out from '${name}'?`,
  withoutTls: () => 'WARNING: server is not configured with TLS. Proceed (y/n)? ',
  withoutTrust: (error: string) => `WARNING: server certificate had error: ${error}. Proceed insecurely (y/n)? `,
} as const;
