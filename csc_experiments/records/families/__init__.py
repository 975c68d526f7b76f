"""Who is family: from links, or from referrals and addresses where nothing links."""
