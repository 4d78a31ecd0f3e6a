// A network on AWS without NAT: every service that nodes, controllers and logs of these settings ask is named, with what it is for.
// Does not prove: that the list is whole; AWS's page on private clusters is where it is from.
import type { Change } from "../../../support/settings.ts";
import { refused, told } from "../../../support/findings.ts";

const path = "platform.network.endpoints";
const cluster = { variant: "create", version: "1.36", admins: ["arn:aws:iam::123456789012:role/deploy"] };
const onAws = (endpoints: readonly string[], more: Readonly<Record<string, unknown>> = {}): Change => [
    "platform",
    {
        variant: "aws",
        network: { variant: "create", nat: "none", endpoints },
        cluster,
        gateway: { variant: "none" },
        ...more,
    },
];
const base: readonly Change[] = [
    ["clouds", { aws: { account: "123456789012", region: "eu-central-1" } }],
    ["exposure", { variant: "none" }],
];
const services = ["ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "sts"];
const add = (index: number, service: string) => `pulumi config set --path '${path}[${index}]' ${service}`;

refused("a network without NAT that lacks endpoints", [
    [
        "of nodes",
        [...base, onAws(["ec2", "sts", "ecr.dkr", "ecr.api"])],
        [
            {
                path,
                found: '["ec2","sts","ecr.dkr","ecr.api"] with nat none: nothing leads to eks (nodes that join), eks-auth (Pod Identity)',
                allowed: "with nat none ec2, ecr.api, ecr.dkr, eks, eks-auth, sts; or nat single or perZone",
                fix: `${add(4, "eks")} && ${add(5, "eks-auth")}`,
            },
        ],
    ],
    [
        "of node groups, and of logs",
        [
            ...base,
            onAws(services, {
                cluster: { ...cluster, nodes: { variant: "managed", groups: { apps: { min: 1, max: 3 } } } },
                logs: { containers: {} },
            }),
        ],
        [
            {
                path,
                found: `${JSON.stringify(services)} with nat none: nothing leads to autoscaling (the cluster autoscaler), logs (logs.containers), monitoring (logs.containers)`,
                allowed:
                    "with nat none ec2, ecr.api, ecr.dkr, eks, eks-auth, sts, autoscaling, logs, monitoring; or nat single or perZone",
                fix: [add(6, "autoscaling"), add(7, "logs"), add(8, "monitoring")].join(" && "),
            },
        ],
    ],
]);

told("a network without NAT", [
    ["with every endpoint, and nothing from public registries", [...base, onAws(services)], []],
    [
        "whose controllers' images are out of reach",
        [...base, onAws([...services, "elasticloadbalancing"], { gateway: { variant: "install" } })],
        [
            {
                path: "platform.network.nat",
                found: '"none", and the load balancer controller (public.ecr.aws)',
                allowed:
                    "single or perZone; or none, where a way of yours leads to these registries, or nothing is installed from them",
                fix: "pulumi config set --path 'platform.network.nat' single",
            },
        ],
    ],
    [
        "with images of a registry of one's own",
        [
            ...base,
            onAws([...services, "elasticloadbalancing"], {
                gateway: {
                    variant: "install",
                    native: { image: { repository: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/lbc" } },
                },
            }),
        ],
        [],
    ],
]);
