// How many connections the processes of a container are counted with, by its command.
// Does not prove: that these programs behave so; docs/connections.md says where each number is from.
import { describe, expect, it } from "vitest";
import { otherConnections, webConnections, workerConnections } from "../../../policy/connections/processes.ts";

const reading = (variables: Readonly<Record<string, string>>) => (name: string) => variables[name];

describe("a web server", () => {
    const gunicorn = "gunicorn shop.wsgi:application";
    it.each<[command: string, connections: number, arithmetic: string, variables?: Readonly<Record<string, string>>]>([
        [`${gunicorn} --workers=4 --threads=4`, 16, "4 processes x 4 threads"],
        [`${gunicorn} -w 4 --threads 2`, 8, "4 processes x 2 threads"],
        [`${gunicorn} -w4`, 4, "4 processes"],
        [gunicorn, 1, ""],
        ["/venv/bin/gunicorn shop.wsgi -w 2", 2, "2 processes"],
        ["python -m gunicorn shop.wsgi -w 2", 2, "2 processes"],
        ["newrelic-admin run-program gunicorn shop.wsgi -w 3", 3, "3 processes"],
        ["sh -c 'exec gunicorn shop.wsgi --workers 3 --threads 2'", 6, "3 processes x 2 threads"],
        [`${gunicorn} --workers 2 --workers 5`, 5, "5 processes"],
        [gunicorn, 6, "6 processes", { WEB_CONCURRENCY: "6" }],
        [`${gunicorn} --workers 2`, 2, "2 processes", { WEB_CONCURRENCY: "6" }],
        [gunicorn, 12, "3 processes x 4 threads", { GUNICORN_CMD_ARGS: "--workers 3 --threads=4" }],
        [`${gunicorn} -w 2`, 8, "2 processes x 4 threads", { GUNICORN_CMD_ARGS: "--workers 3 --threads=4" }],
        [`${gunicorn} -k gevent -w 2`, 2000, "2 processes x 1000 greenlets"],
        [`${gunicorn} --worker-class=gevent -w 2 --worker-connections 50`, 100, "2 processes x 50 greenlets"],
        [`${gunicorn} -k gthread --threads 8`, 8, "8 threads"],
        ["gunicorn shop.asgi -k uvicorn.workers.UvicornWorker -w 3", 30, "3 processes x 10 requests (ASGI, assumed)"],
        [`${gunicorn} -c /etc/gunicorn.py`, 10, "10 assumed of gunicorn with a file of settings"],
        [`${gunicorn} -c /etc/gunicorn.py -w 3`, 3, "3 processes"],
        [`${gunicorn} --workers \${WORKERS}`, 10, "10 processes"],
        ["uvicorn shop.asgi:application", 10, "1 process x 10 requests (ASGI, assumed)"],
        ["uvicorn shop.asgi:application --workers 4", 40, "4 processes x 10 requests (ASGI, assumed)"],
        ["uvicorn shop.asgi", 30, "3 processes x 10 requests (ASGI, assumed)", { WEB_CONCURRENCY: "3" }],
        [
            "uvicorn shop.asgi --workers=2 --limit-concurrency=40",
            80,
            "2 processes x 40 requests (ASGI, --limit-concurrency)",
        ],
        ["daphne -b 0.0.0.0 shop.asgi:application", 10, "1 process x 10 requests (ASGI, assumed)"],
        ["hypercorn shop.asgi -w 2", 20, "2 processes x 10 requests (ASGI, assumed)"],
        [
            "granian --interface asgi shop.asgi --workers 2 --backpressure 5",
            10,
            "2 processes x 5 requests (ASGI, --backpressure)",
        ],
        ["granian --interface wsgi shop.wsgi --workers 2 --blocking-threads 3", 6, "2 processes x 3 threads"],
        ["uwsgi --module shop.wsgi --processes 4 --threads 2", 8, "4 processes x 2 threads"],
        ["uwsgi -p 4 --gevent 100", 400, "4 processes x 100 greenlets"],
        ["waitress-serve --port 8000 shop.wsgi:application", 4, "4 threads"],
        ["mod_wsgi-express start-server --processes 2", 10, "2 processes x 5 threads"],
        ["/run", 10, "10 assumed of a server that only its image knows"],
        ["/run", 3, "3 processes", { WEB_CONCURRENCY: "3" }],
        ["constructor", 10, "10 assumed of a server that only its image knows"],
    ])("%s is %i", (command, connections, arithmetic, variables = {}) => {
        expect(webConnections(command.split(" "), reading(variables))).toEqual({ connections, arithmetic });
    });

    it("is found in a script that is one word", () => {
        const words = ["sh", "-c", "python manage.py check && exec gunicorn shop.wsgi --workers=3 --threads=2"];
        expect(webConnections(words, reading({})).connections).toBe(6);
    });
});

describe("a worker", () => {
    it.each<[command: string, connections: number, arithmetic: string]>([
        ["celery --app=shop worker --concurrency=4", 4, "4 processes"],
        ["celery -A shop worker -c 1", 1, ""],
        ["celery -A shop worker --autoscale=12,3", 12, "12 processes"],
        ["celery -A shop worker --pool=solo -c 8", 1, ""],
        ["celery -A shop worker -P threads -c 20", 20, "20 threads"],
        ["celery -A shop worker -P gevent --concurrency 100", 100, "100 greenlets"],
        ["celery -A shop worker", 10, "10 assumed of celery, which starts one for each processor of the node"],
        ["celery -A shop worker -c 2 -B", 3, "(2 processes + 1 for -B)"],
        ["dramatiq shop.tasks --processes 2 --threads 4", 8, "2 processes x 4 threads"],
        ["python manage.py rqworker default", 1, ""],
        ["python manage.py qcluster", 10, "10 assumed of manage.py qcluster"],
        ["/async", 10, "10 assumed of a worker that only its image knows"],
    ])("%s is %i", (command, connections, arithmetic) => {
        expect(workerConnections(command.split(" "))).toEqual({ connections, arithmetic });
    });
});

describe("another process of Django", () => {
    it.each<[command: string, connections: number]>([
        ["python manage.py listen", 1],
        ["django-admin sendmail", 1],
        ["python manage.py runserver 8000", 10],
        ["/other", 10],
    ])("%s is %i", (command, connections) => {
        expect(otherConnections(command.split(" ")).connections).toBe(connections);
    });
});

it("takes time that grows with its input alone", () => {
    const started = performance.now();
    webConnections([`gunicorn ${"-".repeat(500_000)}`, "x ".repeat(200_000)], reading({}));
    expect(performance.now() - started).toBeLessThan(2000);
});
