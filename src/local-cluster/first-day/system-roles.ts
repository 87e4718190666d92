// What the other parts of a cluster may do: a rule is groups; resources; verbs; names. Without a group it is about paths.

export const SYSTEM_ROLES: Readonly<Record<string, readonly string[]>> = {
  'system:auth-delegator': [
    'authentication.k8s.io; tokenreviews; create',
    'authorization.k8s.io; subjectaccessreviews; create',
  ],
  'system:certificates.k8s.io:certificatesigningrequests:nodeclient': [
    'certificates.k8s.io; certificatesigningrequests/nodeclient; create',
  ],
  'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient': [
    'certificates.k8s.io; certificatesigningrequests/selfnodeclient; create',
  ],
  'system:certificates.k8s.io:kube-apiserver-client-approver': [
    'certificates.k8s.io; signers; approve; kubernetes.io/kube-apiserver-client',
  ],
  'system:certificates.k8s.io:kube-apiserver-client-kubelet-approver': [
    'certificates.k8s.io; signers; approve; kubernetes.io/kube-apiserver-client-kubelet',
  ],
  'system:certificates.k8s.io:kubelet-serving-approver': [
    'certificates.k8s.io; signers; approve; kubernetes.io/kubelet-serving',
  ],
  'system:certificates.k8s.io:legacy-unknown-approver': [
    'certificates.k8s.io; signers; approve; kubernetes.io/legacy-unknown',
  ],
  'system:heapster': ['core; events namespaces nodes pods; get list watch', 'extensions; deployments; get list watch'],
  'system:kube-aggregator': ['core; endpoints services; get list watch'],
  'system:kube-controller-manager': [
    'core events.k8s.io; events; create patch update',
    'coordination.k8s.io; leases; create',
    'coordination.k8s.io; leases; get update; kube-controller-manager',
    'core; secrets serviceaccounts; create',
    'core; secrets; delete',
    'core; configmaps namespaces secrets serviceaccounts; get',
    'core; secrets serviceaccounts; update',
    'authentication.k8s.io; tokenreviews; create',
    'authorization.k8s.io; subjectaccessreviews; create',
    '*; *; list watch',
    'core; serviceaccounts/token; create',
  ],
  'system:kube-dns': ['core; endpoints services; list watch'],
  'system:kube-scheduler': [
    'core events.k8s.io; events; create patch update',
    'coordination.k8s.io; leases; create',
    'coordination.k8s.io; leases; get list update watch; kube-scheduler',
    'coordination.k8s.io; leasecandidates; create delete deletecollection get list patch update watch',
    'core; nodes; get list watch',
    'core; pods; delete get list watch',
    'core; bindings pods/binding; create',
    'core; pods/status; patch update',
    'core; replicationcontrollers services; get list watch',
    'apps extensions; replicasets; get list watch',
    'apps; statefulsets; get list watch',
    'policy; poddisruptionbudgets; get list watch',
    'core; persistentvolumeclaims persistentvolumes; get list watch',
    'authentication.k8s.io; tokenreviews; create',
    'authorization.k8s.io; subjectaccessreviews; create',
    'storage.k8s.io; csinodes; get list watch',
    'storage.k8s.io; volumeattachments; get list watch',
    'core; namespaces; get list watch',
    'storage.k8s.io; csidrivers; get list watch',
    'storage.k8s.io; csistoragecapacities; get list watch',
    'resource.k8s.io; deviceclasses; get list watch',
    'resource.k8s.io; resourceclaims; get list patch update watch',
    'resource.k8s.io; resourceclaims/status; get list patch update watch',
    'core; pods/finalizers; update',
    'resource.k8s.io; resourceslices; get list watch',
    'resource.k8s.io; resourceclaims; create delete',
    'resource.k8s.io; resourceclaims/binding; patch update',
  ],
  'system:kubelet-api-admin': [
    'core; nodes; get list watch',
    'core; nodes; proxy',
    'core; nodes/log nodes/metrics nodes/proxy nodes/stats; *',
    'core; nodes/configz nodes/healthz nodes/pods; *',
  ],
  'system:monitoring': [
    '; /flagz /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/* /statusz; get',
    'core; nodes/metrics; get',
  ],
  'system:node': [
    'authentication.k8s.io; tokenreviews; create',
    'authorization.k8s.io; localsubjectaccessreviews subjectaccessreviews; create',
    'core; services; get list watch',
    'core; nodes; create get list watch',
    'core; nodes/status; patch update',
    'core; nodes; patch update',
    'core events.k8s.io; events; create patch update',
    'core; pods; get list watch',
    'core; pods; create delete',
    'core; pods/status; patch update',
    'core; pods/eviction; create',
    'core; configmaps secrets; get list watch',
    'core; persistentvolumeclaims persistentvolumes; get',
    'core; endpoints; get',
    'certificates.k8s.io; certificatesigningrequests; create get list watch',
    'coordination.k8s.io; leases; create delete get patch update',
    'storage.k8s.io; volumeattachments; get',
    'core; serviceaccounts/token; create',
    'core; persistentvolumeclaims/status; get patch update',
    'storage.k8s.io; csidrivers; get list watch',
    'storage.k8s.io; csinodes; create delete get patch update',
    'node.k8s.io; runtimeclasses; get list watch',
    'resource.k8s.io; resourceclaims; get',
    'resource.k8s.io; resourceslices; deletecollection',
    'core; serviceaccounts; get',
  ],
  'system:node-bootstrapper': ['certificates.k8s.io; certificatesigningrequests; create get list watch'],
  'system:node-problem-detector': [
    'core; nodes; get',
    'core; nodes/status; patch',
    'core events.k8s.io; events; create patch update',
  ],
  'system:node-proxier': [
    'core; endpoints services; list watch',
    'core; nodes; get list watch',
    'core events.k8s.io; events; create patch update',
    'networking.k8s.io; servicecidrs; list watch',
    'discovery.k8s.io; endpointslices; list watch',
  ],
  'system:persistent-volume-provisioner': [
    'core; persistentvolumes; create delete get list watch',
    'core; persistentvolumeclaims; get list update watch',
    'storage.k8s.io; storageclasses; get list watch',
    'core; events; watch',
    'core events.k8s.io; events; create patch update',
  ],
  'system:service-account-issuer-discovery': [
    '; /.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/; get',
  ],
  'system:volume-scheduler': [
    'core; persistentvolumes; get list patch update watch',
    'storage.k8s.io; storageclasses; get list watch',
    'core; persistentvolumeclaims; get list patch update watch',
  ],
};

/** By namespace and name. */
export const NAMESPACED_ROLES: Readonly<Record<string, readonly string[]>> = {
  'kube-public system:controller:bootstrap-signer': [
    'core; configmaps; get list watch',
    'core; configmaps; update; cluster-info',
    'core events.k8s.io; events; create patch update',
  ],
  'kube-system extension-apiserver-authentication-reader': [
    'core; configmaps; get list watch; extension-apiserver-authentication',
  ],
  'kube-system system::leader-locking-kube-controller-manager': [
    'coordination.k8s.io; leases; create get list update watch',
    'coordination.k8s.io; leasecandidates; create get list update watch',
  ],
  'kube-system system::leader-locking-kube-scheduler': [
    'coordination.k8s.io; leases; create get list update watch',
    'coordination.k8s.io; leasecandidates; create get list update watch',
  ],
  'kube-system system:controller:bootstrap-signer': ['core; secrets; get list watch'],
  'kube-system system:controller:cloud-provider': ['core; configmaps; create get list watch'],
  'kube-system system:controller:token-cleaner': [
    'core; secrets; delete get list watch',
    'core events.k8s.io; events; create patch update',
  ],
};

/** Who has the ClusterRole of the same name; nobody has that of nodes. */
export const SYSTEM_BINDINGS: Readonly<Record<string, readonly string[]>> = {
  'system:kube-controller-manager': ['User system:kube-controller-manager'],
  'system:kube-dns': ['ServiceAccount kube-dns'],
  'system:kube-scheduler': ['User system:kube-scheduler'],
  'system:monitoring': ['Group system:monitoring'],
  'system:node': [],
  'system:node-proxier': ['User system:kube-proxy'],
  'system:service-account-issuer-discovery': ['Group system:serviceaccounts'],
  'system:volume-scheduler': ['User system:kube-scheduler'],
};

/** By namespace, name and role. */
export const NAMESPACED_BINDINGS: Readonly<Record<string, readonly string[]>> = {
  'kube-public system:controller:bootstrap-signer system:controller:bootstrap-signer': [
    'ServiceAccount bootstrap-signer',
  ],
  'kube-system system::extension-apiserver-authentication-reader extension-apiserver-authentication-reader': [
    'User system:kube-controller-manager',
    'User system:kube-scheduler',
  ],
  'kube-system system::leader-locking-kube-controller-manager system::leader-locking-kube-controller-manager': [
    'User system:kube-controller-manager',
    'ServiceAccount kube-controller-manager',
    'ServiceAccount leader-election-controller',
  ],
  'kube-system system::leader-locking-kube-scheduler system::leader-locking-kube-scheduler': [
    'User system:kube-scheduler',
    'ServiceAccount kube-scheduler',
  ],
  'kube-system system:controller:bootstrap-signer system:controller:bootstrap-signer': [
    'ServiceAccount bootstrap-signer',
  ],
  'kube-system system:controller:cloud-provider system:controller:cloud-provider': ['ServiceAccount cloud-provider'],
  'kube-system system:controller:token-cleaner system:controller:token-cleaner': ['ServiceAccount token-cleaner'],
};
