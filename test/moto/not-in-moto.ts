// What moto does not know. The arguments of these calls are checked by the service's model and nothing else; an id that such a call
// would give is the recorded one. A test compares this list with what moto says, so it shrinks when moto grows.
// @see https://docs.getmoto.org/en/latest/docs/services/index.html

const eks = "moto's EKS has clusters, node groups and Fargate profiles alone";
const parameters = "moto's ElastiCache has no parameter groups";
const headers = "moto's CloudFront has no policies of response headers";
const dnssec = "moto's Route 53 answers GetDNSSEC and signs nothing";

export const notInMoto: Readonly<Record<string, string>> = {
    "cloudfront.CreateResponseHeadersPolicy": headers,
    "cloudfront.DeleteResponseHeadersPolicy": headers,
    "eks.AssociateAccessPolicy": eks,
    "eks.CreateAccessEntry": eks,
    "eks.CreateAddon": eks,
    "eks.CreatePodIdentityAssociation": eks,
    "eks.DeleteAccessEntry": eks,
    "eks.DeleteAddon": eks,
    "eks.DeletePodIdentityAssociation": eks,
    "eks.DisassociateAccessPolicy": eks,
    "elasticache.CreateCacheParameterGroup": parameters,
    "elasticache.DeleteCacheParameterGroup": parameters,
    "elasticache.DeleteCacheSubnetGroup": "moto makes subnet groups and deletes none",
    "elasticache.ModifyCacheParameterGroup": parameters,
    "rds.StartDBInstanceAutomatedBackupsReplication": "moto's RDS copies no backups to other regions",
    "rds.StopDBInstanceAutomatedBackupsReplication": "moto's RDS copies no backups to other regions",
    "route53.CreateKeySigningKey": dnssec,
    "route53.DeactivateKeySigningKey": dnssec,
    "route53.DeleteKeySigningKey": dnssec,
    "route53.DisableHostedZoneDNSSEC": dnssec,
    "route53.EnableHostedZoneDNSSEC": dnssec,
};
