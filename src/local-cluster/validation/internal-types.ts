// The structures of a Pod and of a claim as the API server has them: the names of their fields, in its order.

/** What a container and one of those for looking into a Pod have both. */
const CONTAINER =
  'Name"" Image"" Command Args WorkingDir"" Ports>ContainerPort EnvFrom>EnvFromSource Env>EnvVar Resources=ResourceRequirements ResizePolicy>ContainerResizePolicy RestartPolicy RestartPolicyRules>ContainerRestartRule VolumeMounts>VolumeMount VolumeDevices>VolumeDevice LivenessProbe>Probe ReadinessProbe>Probe StartupProbe>Probe Lifecycle>Lifecycle TerminationMessagePath"" TerminationMessagePolicy"" ImagePullPolicy"" SecurityContext>SecurityContext Stdin! StdinOnce! TTY!';

/** What a volume is kept in. */
const VOLUME_SOURCE =
  'GCEPersistentDisk>GCEPersistentDiskVolumeSource AWSElasticBlockStore>AWSElasticBlockStoreVolumeSource HostPath>HostPathVolumeSource Glusterfs>GlusterfsPersistentVolumeSource NFS>NFSVolumeSource RBD>RBDPersistentVolumeSource Quobyte>QuobyteVolumeSource ISCSI>ISCSIPersistentVolumeSource FlexVolume>FlexPersistentVolumeSource Cinder>CinderPersistentVolumeSource CephFS(cephfs)>CephFSPersistentVolumeSource FC>FCVolumeSource Flocker>FlockerVolumeSource AzureFile>AzureFilePersistentVolumeSource VsphereVolume>VsphereVirtualDiskVolumeSource AzureDisk>AzureDiskVolumeSource PhotonPersistentDisk>PhotonPersistentDiskVolumeSource PortworxVolume>PortworxVolumeSource ScaleIO>ScaleIOPersistentVolumeSource Local>LocalVolumeSource StorageOS(storageos)>StorageOSPersistentVolumeSource CSI>CSIPersistentVolumeSource';

/** What a request of devices and one of its ways have both. */
const DEVICE_REQUEST = 'DeviceClassName"" Selectors>DeviceSelector AllocationMode"" Count0';

/**
 * A field has its name, in brackets that by which users write it where no rule tells it, and what it is when it is absent: nothing
 * (null), a text (""), a number (0), false (!). Behind '=' stands the type of a structure that is always there, behind '>' of one, or a list
 * of them, that may be absent. '@' stands for the metadata.
 */
export const INTERNAL_TYPES: Readonly<Record<string, string>> = {
  AWSElasticBlockStoreVolumeSource: 'VolumeID"" FSType"" Partition0 ReadOnly!',
  Affinity: 'NodeAffinity>NodeAffinity PodAffinity>PodAffinity PodAntiAffinity>PodAntiAffinity',
  AppArmorProfile: 'Type"" LocalhostProfile',
  AzureDiskVolumeSource: 'DiskName"" DataDiskURI(diskURI)"" CachingMode"" FSType"" ReadOnly! Kind""',
  AzureFileVolumeSource: 'SecretName"" ShareName"" ReadOnly!',
  CSIVolumeSource: 'Driver"" ReadOnly FSType VolumeAttributes NodePublishSecretRef>LocalObjectReference',
  Capabilities: 'Add Drop',
  CephFSVolumeSource: 'Monitors Path"" User"" SecretFile"" SecretRef>LocalObjectReference ReadOnly!',
  CinderVolumeSource: 'VolumeID"" FSType"" ReadOnly! SecretRef>LocalObjectReference',
  ClaimTemplate: '@ Spec=PersistentVolumeClaimSpec',
  ConfigMapEnvSource: 'Name"" Optional',
  ConfigMapKeySelector: 'Name"" Key"" Optional',
  ConfigMapProjection: 'Name"" Items>KeyToPath Optional',
  ConfigMapVolumeSource: 'Name"" Items>KeyToPath DefaultMode0 Optional',
  Container: CONTAINER,
  ContainerPort: 'Name"" HostPort0 ContainerPort0 Protocol"" HostIP""',
  ContainerResizePolicy: 'ResourceName"" RestartPolicy""',
  ContainerRestartRule: 'Action"" ExitCodes>ContainerRestartRuleOnExitCodes',
  ContainerRestartRuleOnExitCodes: 'Operator"" Values',
  DownwardAPIProjection: 'Items>DownwardAPIVolumeFile',
  DownwardAPIVolumeFile: 'Path"" FieldRef>ObjectFieldSelector ResourceFieldRef>ResourceFieldSelector Mode',
  DownwardAPIVolumeSource: 'Items>DownwardAPIVolumeFile DefaultMode0',
  EmptyDirVolumeSource: 'Medium"" SizeLimit',
  EnvFromSource: 'Prefix"" ConfigMapRef>ConfigMapEnvSource SecretRef>SecretEnvSource',
  EnvVar: 'Name"" Value"" ValueFrom>EnvVarSource',
  EnvVarSource:
    'FieldRef>ObjectFieldSelector ResourceFieldRef>ResourceFieldSelector ConfigMapKeyRef>ConfigMapKeySelector SecretKeyRef>SecretKeySelector FileKeyRef>FileKeySelector',
  EphemeralContainer: `${CONTAINER} TargetContainerName""`,
  EphemeralVolumeSource: 'VolumeClaimTemplate>ClaimTemplate',
  ExecAction: 'Command',
  FCVolumeSource: 'TargetWWNs Lun FSType"" ReadOnly! WWIDs(wwids)',
  FileKeySelector: 'VolumeName"" Path"" Key"" Optional!',
  FlexVolumeSource: 'Driver"" FSType"" SecretRef>LocalObjectReference ReadOnly! Options',
  FlockerVolumeSource: 'DatasetName"" DatasetUUID""',
  GCEPersistentDiskVolumeSource: 'PDName"" FSType"" Partition0 ReadOnly!',
  GRPCAction: 'Port0 Service""',
  GitRepoVolumeSource: 'Repository"" Revision"" Directory""',
  GlusterfsVolumeSource: 'EndpointsName(endpoints)"" Path"" ReadOnly!',
  HTTPGetAction: 'Path"" Port0 Host"" Scheme"" HTTPHeaders>HTTPHeader',
  HTTPHeader: 'Name"" Value""',
  HostAlias: 'IP"" Hostnames',
  HostPathVolumeSource: 'Path"" Type',
  ISCSIVolumeSource:
    'TargetPortal"" IQN"" Lun0 ISCSIInterface"" FSType"" ReadOnly! Portals DiscoveryCHAPAuth(chapAuthDiscovery)! SessionCHAPAuth(chapAuthSession)! SecretRef>LocalObjectReference InitiatorName',
  ImageVolumeSource: 'Reference"" PullPolicy""',
  KeyToPath: 'Key"" Path"" Mode',
  Lifecycle: 'PostStart>LifecycleHandler PreStop>LifecycleHandler StopSignal',
  LifecycleHandler: 'Exec>ExecAction HTTPGet>HTTPGetAction TCPSocket>TCPSocketAction Sleep>SleepAction',
  LocalObjectReference: 'Name""',
  NFSVolumeSource: 'Server"" Path"" ReadOnly!',
  NodeAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution>NodeSelector PreferredDuringSchedulingIgnoredDuringExecution>PreferredSchedulingTerm',
  NodeSelector: 'NodeSelectorTerms>NodeSelectorTerm',
  NodeSelectorRequirement: 'Key"" Operator"" Values',
  NodeSelectorTerm: 'MatchExpressions>NodeSelectorRequirement MatchFields>NodeSelectorRequirement',
  ObjectFieldSelector: 'APIVersion"" FieldPath""',
  PersistentVolumeClaimSpec:
    'AccessModes Selector>LabelSelector Resources=VolumeResourceRequirements VolumeName"" StorageClassName VolumeMode"" DataSource>TypedLocalObjectReference DataSourceRef>TypedObjectReference VolumeAttributesClassName',
  PersistentVolumeClaimVolumeSource: 'ClaimName"" ReadOnly!',
  PhotonPersistentDiskVolumeSource: 'PdID"" FSType""',
  PodAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution>PodAffinityTerm PreferredDuringSchedulingIgnoredDuringExecution>WeightedPodAffinityTerm',
  PodAffinityTerm:
    'LabelSelector>LabelSelector Namespaces TopologyKey"" NamespaceSelector>LabelSelector MatchLabelKeys MismatchLabelKeys',
  PodAntiAffinity:
    'RequiredDuringSchedulingIgnoredDuringExecution>PodAffinityTerm PreferredDuringSchedulingIgnoredDuringExecution>WeightedPodAffinityTerm',
  PodDNSConfig: 'Nameservers Searches Options>PodDNSConfigOption',
  PodDNSConfigOption: 'Name"" Value',
  PodOS: 'Name""',
  PodReadinessGate: 'ConditionType""',
  PodResourceClaim: 'Name"" ResourceClaimName ResourceClaimTemplateName',
  PodSchedulingGate: 'Name""',
  PodSecurityContext:
    'HostNetwork! HostPID! HostIPC! ShareProcessNamespace HostUsers SELinuxOptions>SELinuxOptions WindowsOptions>WindowsSecurityContextOptions RunAsUser RunAsGroup RunAsNonRoot SupplementalGroups SupplementalGroupsPolicy FSGroup FSGroupChangePolicy Sysctls>Sysctl SeccompProfile>SeccompProfile AppArmorProfile>AppArmorProfile SELinuxChangePolicy',
  PodSpec:
    'Volumes>Volume InitContainers>Container Containers>Container EphemeralContainers>EphemeralContainer RestartPolicy"" TerminationGracePeriodSeconds0 ActiveDeadlineSeconds DNSPolicy"" NodeSelector ServiceAccountName"" AutomountServiceAccountToken NodeName"" SecurityContext=PodSecurityContext ImagePullSecrets>LocalObjectReference Hostname"" Subdomain"" SetHostnameAsFQDN Affinity>Affinity SchedulerName"" Tolerations>Toleration HostAliases>HostAlias PriorityClassName"" Priority PreemptionPolicy DNSConfig>PodDNSConfig ReadinessGates>PodReadinessGate RuntimeClassName Overhead EnableServiceLinks TopologySpreadConstraints>TopologySpreadConstraint OS>PodOS SchedulingGates>PodSchedulingGate ResourceClaims>PodResourceClaim Resources>ResourceRequirements HostnameOverride SchedulingGroup',
  PodTemplateSpec: '@ Spec=PodSpec',
  PortworxVolumeSource: 'VolumeID"" FSType"" ReadOnly!',
  PreferredSchedulingTerm: 'Weight0 Preference=NodeSelectorTerm',
  Probe:
    'Exec>ExecAction HTTPGet>HTTPGetAction TCPSocket>TCPSocketAction GRPC>GRPCAction InitialDelaySeconds0 TimeoutSeconds0 PeriodSeconds0 SuccessThreshold0 FailureThreshold0 TerminationGracePeriodSeconds',
  ProjectedVolumeSource: 'Sources>VolumeProjection DefaultMode0',
  QuobyteVolumeSource: 'Registry"" Volume"" ReadOnly! User"" Group"" Tenant""',
  RBDVolumeSource:
    'CephMonitors(monitors) RBDImage(image)"" FSType"" RBDPool(pool)"" RadosUser(user)"" Keyring"" SecretRef>LocalObjectReference ReadOnly!',
  ResourceClaim: 'Name"" Request""',
  ResourceFieldSelector: 'ContainerName"" Resource"" Divisor"0"',
  ResourceRequirements: 'Limits Requests Claims>ResourceClaim',
  SELinuxOptions: 'User"" Role"" Type"" Level""',
  ScaleIOVolumeSource:
    'Gateway"" System"" SecretRef>LocalObjectReference SSLEnabled! ProtectionDomain"" StoragePool"" StorageMode"" VolumeName"" FSType"" ReadOnly!',
  SeccompProfile: 'Type"" LocalhostProfile',
  SecretEnvSource: 'Name"" Optional',
  SecretKeySelector: 'Name"" Key"" Optional',
  SecretProjection: 'Name"" Items>KeyToPath Optional',
  SecretVolumeSource: 'SecretName"" Items>KeyToPath DefaultMode0 Optional',
  SecurityContext:
    'Capabilities>Capabilities Privileged SELinuxOptions>SELinuxOptions WindowsOptions>WindowsSecurityContextOptions RunAsUser RunAsGroup RunAsNonRoot ReadOnlyRootFilesystem AllowPrivilegeEscalation ProcMount SeccompProfile>SeccompProfile AppArmorProfile>AppArmorProfile',
  ServiceAccountTokenProjection: 'Audience"" ExpirationSeconds0 Path""',
  SleepAction: 'Seconds0',
  StorageOSVolumeSource: 'VolumeName"" VolumeNamespace"" FSType"" ReadOnly! SecretRef>LocalObjectReference',
  Sysctl: 'Name"" Value""',
  TCPSocketAction: 'Port0 Host""',
  Toleration: 'Key"" Operator"" Value"" Effect"" TolerationSeconds',
  TopologySpreadConstraint:
    'MaxSkew0 TopologyKey"" WhenUnsatisfiable"" LabelSelector>LabelSelector MinDomains NodeAffinityPolicy NodeTaintsPolicy MatchLabelKeys',
  TypedLocalObjectReference: 'APIGroup Kind"" Name""',
  TypedObjectReference: 'APIGroup Kind"" Name"" Namespace',
  Volume:
    'Name"" HostPath>HostPathVolumeSource EmptyDir>EmptyDirVolumeSource GCEPersistentDisk>GCEPersistentDiskVolumeSource AWSElasticBlockStore>AWSElasticBlockStoreVolumeSource GitRepo>GitRepoVolumeSource Secret>SecretVolumeSource NFS>NFSVolumeSource ISCSI>ISCSIVolumeSource Glusterfs>GlusterfsVolumeSource PersistentVolumeClaim>PersistentVolumeClaimVolumeSource RBD>RBDVolumeSource Quobyte>QuobyteVolumeSource FlexVolume>FlexVolumeSource Cinder>CinderVolumeSource CephFS(cephfs)>CephFSVolumeSource Flocker>FlockerVolumeSource DownwardAPI>DownwardAPIVolumeSource FC>FCVolumeSource AzureFile>AzureFileVolumeSource ConfigMap>ConfigMapVolumeSource VsphereVolume>VsphereVirtualDiskVolumeSource AzureDisk>AzureDiskVolumeSource PhotonPersistentDisk>PhotonPersistentDiskVolumeSource Projected>ProjectedVolumeSource PortworxVolume>PortworxVolumeSource ScaleIO>ScaleIOVolumeSource StorageOS(storageos)>StorageOSVolumeSource CSI>CSIVolumeSource Ephemeral>EphemeralVolumeSource Image>ImageVolumeSource',
  VolumeDevice: 'Name"" DevicePath""',
  VolumeMount: 'Name"" ReadOnly! RecursiveReadOnly MountPath"" SubPath"" MountPropagation SubPathExpr""',
  VolumeProjection:
    'Secret>SecretProjection DownwardAPI>DownwardAPIProjection ConfigMap>ConfigMapProjection ServiceAccountToken>ServiceAccountTokenProjection ClusterTrustBundle PodCertificate',
  VolumeResourceRequirements: 'Limits Requests',
  VsphereVirtualDiskVolumeSource: 'VolumePath"" FSType"" StoragePolicyName"" StoragePolicyID""',
  WeightedPodAffinityTerm: 'Weight0 PodAffinityTerm=PodAffinityTerm',
  WindowsSecurityContextOptions: 'GMSACredentialSpecName GMSACredentialSpec RunAsUserName HostProcess',
  AzureFilePersistentVolumeSource: 'SecretName"" ShareName"" ReadOnly! SecretNamespace',
  CSIPersistentVolumeSource:
    'Driver"" VolumeHandle"" ReadOnly! FSType"" VolumeAttributes ControllerPublishSecretRef>SecretReference NodeStageSecretRef>SecretReference NodePublishSecretRef>SecretReference ControllerExpandSecretRef>SecretReference NodeExpandSecretRef>SecretReference',
  CephFSPersistentVolumeSource: 'Monitors Path"" User"" SecretFile"" SecretRef>SecretReference ReadOnly!',
  CinderPersistentVolumeSource: 'VolumeID"" FSType"" ReadOnly! SecretRef>SecretReference',
  FlexPersistentVolumeSource: 'Driver"" FSType"" SecretRef>SecretReference ReadOnly! Options',
  GlusterfsPersistentVolumeSource: 'EndpointsName(endpoints)"" Path"" ReadOnly! EndpointsNamespace',
  ISCSIPersistentVolumeSource:
    'TargetPortal"" IQN"" Lun0 ISCSIInterface"" FSType"" ReadOnly! Portals DiscoveryCHAPAuth(chapAuthDiscovery)! SessionCHAPAuth(chapAuthSession)! SecretRef>SecretReference InitiatorName',
  LocalVolumeSource: 'Path"" FSType',
  ObjectReference: 'Kind"" Namespace"" Name"" UID"" APIVersion"" ResourceVersion"" FieldPath""',
  PersistentVolumeSource: VOLUME_SOURCE,
  PersistentVolumeSpec: `Capacity ${VOLUME_SOURCE} AccessModes ClaimRef>ObjectReference PersistentVolumeReclaimPolicy"" StorageClassName"" MountOptions VolumeMode NodeAffinity>VolumeNodeAffinity VolumeAttributesClassName`,
  RBDPersistentVolumeSource:
    'CephMonitors(monitors) RBDImage(image)"" FSType"" RBDPool(pool)"" RadosUser(user)"" Keyring"" SecretRef>SecretReference ReadOnly!',
  ScaleIOPersistentVolumeSource:
    'Gateway"" System"" SecretRef>SecretReference SSLEnabled! ProtectionDomain"" StoragePool"" StorageMode"" VolumeName"" FSType"" ReadOnly!',
  SecretReference: 'Name"" Namespace""',
  StorageOSPersistentVolumeSource: 'VolumeName"" VolumeNamespace"" FSType"" ReadOnly! SecretRef>ObjectReference',
  PodFailurePolicy: 'Rules>PodFailurePolicyRule',
  PodFailurePolicyOnExitCodesRequirement: 'ContainerName Operator"" Values',
  PodFailurePolicyOnPodConditionsPattern: 'Type"" Status""',
  PodFailurePolicyRule:
    'Action"" OnExitCodes>PodFailurePolicyOnExitCodesRequirement OnPodConditions>PodFailurePolicyOnPodConditionsPattern',
  SuccessPolicy: 'Rules>SuccessPolicyRule',
  SuccessPolicyRule: 'SucceededIndexes SucceededCount',
  VolumeNodeAffinity: 'Required>NodeSelector',
  VolumeAttachmentSource: 'PersistentVolumeName InlineVolumeSpec>PersistentVolumeSpec',
  VolumeAttachmentSpec: 'Attacher"" Source=VolumeAttachmentSource NodeName""',
  CELDeviceSelector: 'Expression""',
  CapacityRequirements: 'Requests',
  DeviceClaim: 'Requests>DeviceRequest Constraints>DeviceConstraint Config>DeviceClaimConfiguration',
  DeviceClaimConfiguration: 'Requests Opaque>OpaqueDeviceConfiguration',
  DeviceClaimSpec: 'Devices=DeviceClaim',
  DeviceClaimTemplateSpec: '@ Spec=DeviceClaimSpec',
  DeviceConstraint: 'Requests MatchAttribute DistinctAttribute',
  DeviceRequest: 'Name"" Exactly>ExactDeviceRequest FirstAvailable>DeviceSubRequest',
  DeviceSelector: 'CEL>CELDeviceSelector',
  DeviceSubRequest: `Name"" ${DEVICE_REQUEST} Tolerations>Toleration Capacity>CapacityRequirements`,
  ExactDeviceRequest: `${DEVICE_REQUEST} AdminAccess Tolerations>Toleration Capacity>CapacityRequirements`,
  OpaqueDeviceConfiguration: 'Driver"" Parameters',
};
