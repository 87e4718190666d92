/** Where the API server tells how often the template of a DaemonSet has changed, for clients of old. */
export const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';
