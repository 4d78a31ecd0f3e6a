// AWS, us-east-1, on demand, Linux and PostgreSQL. Offer codes of the Price List API.
import type { PriceList } from "./contract.ts";

export const aws: PriceList = {
    of: "AWS in us-east-1",
    services: {
        AmazonEKS: {
            source: "https://cloudburn.io/blog/amazon-eks-pricing",
            date: "2026-03",
            hourly: { cluster: 0.1 },
        },
        AmazonEC2: [
            {
                source: "https://cloudburn.io/blog/aws-nat-gateway-pricing",
                date: "2026-02",
                hourly: { "nat gateway": 0.045 },
            },
            {
                source: "https://aws.amazon.com/ec2/pricing/on-demand/",
                date: "2026-12",
                verified: false,
                hourly: {
                    "t3.small": 0.0208,
                    "t3.medium": 0.0416,
                    "t3.large": 0.0832,
                    "t3.xlarge": 0.1664,
                    "t4g.small": 0.0168,
                    "t4g.medium": 0.0336,
                    "t4g.large": 0.0672,
                    "t4g.xlarge": 0.1344,
                    "m5.large": 0.096,
                    "m5.xlarge": 0.192,
                    "m6i.large": 0.096,
                    "m6i.xlarge": 0.192,
                    "m6g.large": 0.077,
                    "m6g.xlarge": 0.154,
                    "m7i.large": 0.1008,
                    "m7i.xlarge": 0.2016,
                    "m7g.large": 0.0816,
                    "m7g.xlarge": 0.1632,
                    "c6i.large": 0.085,
                    "c7g.large": 0.0725,
                    "r6i.large": 0.126,
                    "r7g.large": 0.1071,
                },
                monthly: { gp3: 0.08, gp2: 0.1 },
            },
        ],
        AmazonVPC: [
            {
                source: "https://cloudburn.io/blog/aws-nat-gateway-pricing",
                date: "2026-02",
                hourly: { address: 0.005 },
            },
            {
                source: "https://aws.amazon.com/privatelink/pricing/",
                date: "2026-12",
                verified: false,
                hourly: { "endpoint in a zone": 0.01 },
            },
        ],
        // Capacity units come on top, by traffic.
        AWSELB: {
            source: "https://aws.amazon.com/elasticloadbalancing/pricing/",
            date: "2026-12",
            verified: false,
            hourly: { "application load balancer": 0.0225 },
        },
        // And by requests.
        awswaf: {
            source: "https://thenegotiationexperts.com/blog/cloud-waf-licensing-cost-optimization/",
            date: "2026-12",
            monthly: { "web ACL": 5, rule: 1 },
        },
        // A standby costs as much again, of the instance and of its disk.
        AmazonRDS: [
            {
                source: "https://infratally.com/articles/aws-rds-pricing-explained-2026.html",
                date: "2026-06",
                hourly: { "db.t4g.micro": 0.016, "db.t4g.small": 0.032, "db.t4g.medium": 0.065 },
            },
            {
                source: "https://www.usage.ai/blogs/aws/reserved-instances/rds/pricing-calculator/",
                date: "2026-06",
                monthly: { gp3: 0.115, gp2: 0.115 },
            },
            {
                source: "https://aws.amazon.com/rds/postgresql/pricing/",
                date: "2026-12",
                verified: false,
                hourly: {
                    "db.t4g.large": 0.129,
                    "db.t4g.xlarge": 0.258,
                    "db.t3.micro": 0.018,
                    "db.t3.small": 0.036,
                    "db.t3.medium": 0.072,
                    "db.t3.large": 0.145,
                    "db.m6g.large": 0.159,
                    "db.m6g.xlarge": 0.318,
                    "db.m6i.large": 0.178,
                    "db.m7g.large": 0.168,
                    "db.m7g.xlarge": 0.337,
                    "db.m7g.2xlarge": 0.674,
                    "db.m7g.4xlarge": 1.348,
                    "db.r6g.large": 0.225,
                    "db.r7g.large": 0.239,
                    "db.r7g.xlarge": 0.478,
                },
            },
        ],
        // Redis OSS; Valkey costs a fifth less.
        AmazonElastiCache: {
            source: "https://aws.amazon.com/elasticache/pricing/",
            date: "2026-12",
            verified: false,
            hourly: {
                "cache.t4g.micro": 0.016,
                "cache.t4g.small": 0.032,
                "cache.t4g.medium": 0.065,
                "cache.t3.micro": 0.017,
                "cache.t3.small": 0.034,
                "cache.t3.medium": 0.068,
                "cache.m6g.large": 0.149,
                "cache.m7g.large": 0.158,
                "cache.r6g.large": 0.206,
                "cache.r7g.large": 0.219,
            },
        },
        awskms: {
            source: "https://aws.amazon.com/kms/pricing/",
            date: "2026-11",
            verified: false,
            monthly: { key: 1 },
        },
        AmazonRoute53: {
            source: "https://aws.amazon.com/route53/pricing/",
            date: "2026-11",
            verified: false,
            // Of what is in AWS.
            monthly: { zone: 0.5, check: 0.5, "check over HTTPS": 1.5 },
        },
        AmazonCloudWatch: {
            source: "https://aws.amazon.com/cloudwatch/pricing/",
            date: "2026-12",
            verified: false,
            monthly: { alarm: 0.1 },
        },
    },
};
