# The sample of AI Flow's page on SMS (protocol.md 5.7), as somebody pastes it into a Flask app.
# Only the lines marked with "+" were added, to make it start.
import sys  # +

from flask import Flask, jsonify, request

app = Flask(__name__)


@app.route('/webhook', methods=['POST'])
def webhook():
    event = request.json

    if event['type'] == 'user_speak':
        text = event['text'].lower()
        if 'code' in text:
            return jsonify({
                'type': 'send_sms',
                'session_id': event['session']['id'],
                'phone_number': event['session']['from_phone_number'],
                'message': 'Your confirmation code is 4242.'
            })

    return '', 204


if __name__ == '__main__':  # +
    app.run(port=int(sys.argv[1]))  # +
