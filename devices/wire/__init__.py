"""The Blynk hardware protocol as values: frames, messages, legal order and limits, with no input or output.

`ServerConnection` is the gateway's side and `ClientConnection` the device's. Both are driven by three calls: give
them bytes (`receive_data`), act on the events that come back, write what they have ready (`data_to_send`).
"""
