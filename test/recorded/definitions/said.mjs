// What is recorded of an answer to a definition: its status and every cause, without the numbers that a server makes up.

const PATH = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All';

/** A definition whose objects have a spec of this schema. */
export const asked = (spec) => ({
  path: PATH,
  body: {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'samples.recorded.example' },
    spec: {
      group: 'recorded.example',
      scope: 'Namespaced',
      names: { plural: 'samples', kind: 'Sample' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        },
      ],
    },
  },
});

/** Of properties none comes first. */
export const said = ({ status, body }) => ({
  status,
  causes: (body.details?.causes ?? [])
    .map(({ field, message }) => `${field}: ${message.replace(/selfType\d+/g, 'object')}`)
    .sort(),
});
