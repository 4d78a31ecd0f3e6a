// DigitalOcean: one price in all regions. Products as its price pages have them.
import type { PriceList } from "./contract.ts";

export const digitalocean: PriceList = {
    of: "DigitalOcean",
    services: {
        Kubernetes: {
            source: "https://docs.digitalocean.com/products/kubernetes/details/pricing/",
            date: "2026-11",
            monthly: { "high availability": 40 },
        },
        Droplets: [
            {
                source: "https://gist.github.com/colinwilson/cd31bde012f6727b24b2fc4ebee749c0",
                date: "2022-07",
                monthly: {
                    "s-1vcpu-2gb": 12,
                    "s-2vcpu-2gb": 18,
                    "s-2vcpu-4gb": 24,
                    "s-4vcpu-8gb": 48,
                    "s-8vcpu-16gb": 96,
                },
            },
            {
                source: "https://docs.digitalocean.com/products/droplets/details/pricing/",
                date: "2026-12",
                verified: false,
                monthly: { "g-2vcpu-8gb": 63, "g-4vcpu-16gb": 126, "c-2": 42, "c-4": 84, "m-2vcpu-16gb": 84 },
            },
        ],
        // Each node. Storage beyond a plan's own is not in the list.
        "Managed Databases": {
            source: "https://docs.digitalocean.com/products/databases/postgresql/details/pricing/",
            date: "2026-11",
            verified: false,
            monthly: {
                "pg db-s-1vcpu-1gb": 15,
                "pg db-s-1vcpu-2gb": 30,
                "pg db-s-2vcpu-4gb": 61,
                "pg db-s-4vcpu-8gb": 122,
                "pg db-s-6vcpu-16gb": 244,
                "valkey db-s-1vcpu-1gb": 15,
                "valkey db-s-1vcpu-2gb": 30,
                "valkey db-s-2vcpu-4gb": 60,
                "valkey db-s-4vcpu-8gb": 120,
            },
        },
        // All buckets of an account, 250 GiB, 1 TiB of traffic and the CDN.
        Spaces: {
            source: "https://docs.digitalocean.com/products/spaces/details/pricing/",
            date: "2026-11",
            monthly: { subscription: 5 },
        },
        "Container Registry": {
            source: "https://docs.digitalocean.com/products/container-registry/details/pricing/",
            date: "2026-11",
            verified: false,
            monthly: { starter: 0, basic: 5, professional: 20 },
        },
        Uptime: {
            source: "https://docs.digitalocean.com/products/uptime/details/pricing/",
            date: "2026-12",
            verified: false,
            monthly: { check: 1 },
        },
        "Volumes Block Storage": {
            source: "https://docs.digitalocean.com/products/volumes/details/pricing/",
            date: "2026-11",
            verified: false,
            monthly: { gibibyte: 0.1 },
        },
        "Load Balancers": {
            source: "https://docs.digitalocean.com/products/networking/load-balancers/details/pricing/",
            date: "2026-11",
            verified: false,
            monthly: { "network load balancer": 15 },
        },
    },
};
