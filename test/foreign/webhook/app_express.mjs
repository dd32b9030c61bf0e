// The sample of AI Flow's page on SMS (protocol.md 5.7), as somebody pastes it into an Express app.
// Only the lines marked with "+" were added, to make it start.
import express from 'express'; // +

const app = express(); // +
app.use(express.json()); // +

app.post('/webhook', (req, res) => {
  const event = req.body;

  if (event.type === 'user_speak') {
    const text = event.text.toLowerCase();
    if (text.includes('code')) {
      return res.json({
        type: 'send_sms',
        session_id: event.session.id,
        phone_number: event.session.from_phone_number,
        message: 'Your confirmation code is 4242.'
      });
    }
  }

  res.status(204).send();
});

app.listen(Number(process.argv[2]), '127.0.0.1'); // +
