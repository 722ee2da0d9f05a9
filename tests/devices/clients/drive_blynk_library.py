"""Runs BlynkLib 0.2.0, unmodified, for a test: prints what happens, does what it reads."""

import queue
import sys
import threading

import BlynkLib

host, port, token = sys.argv[1], int(sys.argv[2]), sys.argv[3]
orders: queue.SimpleQueue[list[str]] = queue.SimpleQueue()


def tell(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def read_orders() -> None:
    for line in sys.stdin:
        orders.put(line.split())


def connect() -> "BlynkLib.Blynk":
    while True:
        try:
            return BlynkLib.Blynk(token, server=host, port=port, heartbeat=2)
        except ValueError:
            orders_wait()


def orders_wait() -> None:
    threading.Event().wait(0.2)


def obey(client: "BlynkLib.Blynk", order: list[str]) -> None:
    match order:
        case ["write", pin, value]:
            client.virtual_write(pin, value)
        case ["event", code, text]:
            client.log_event(code, text)
        case ["sync", pin]:
            client.sync_virtual(pin)


def serve() -> None:
    """One connection, until the library gives it up."""
    client = connect()
    client.on("connected", lambda **_: tell("connected"))
    client.on("V*", lambda pin, values: tell("wrote", pin, *values))
    while client.state != BlynkLib.DISCONNECTED:
        try:
            client.run()
            if client.state == BlynkLib.CONNECTED and not orders.empty():
                obey(client, orders.get())
        except OSError:
            client.disconnect()
    client.conn.close()
    tell("disconnected")


threading.Thread(target=read_orders, daemon=True).start()
while True:
    serve()
    orders_wait()
