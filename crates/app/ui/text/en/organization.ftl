# organization
